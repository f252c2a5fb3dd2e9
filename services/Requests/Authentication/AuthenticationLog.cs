namespace Workspaces.Requests.Authentication;

/// <summary>Log messages about API keys.</summary>
internal static partial class AuthenticationLog
{
    [LoggerMessage(1301, LogLevel.Information, "{Users} users and {Keys} API keys of the bootstrap file are known")]
    public static partial void Bootstrapped(ILogger logger, int users, int keys);

    [LoggerMessage(1302, LogLevel.Error, "User {User} of the bootstrap file cannot be made: a workspace has this name")]
    public static partial void BootstrapNameTaken(ILogger logger, string user);

    [LoggerMessage(1304, LogLevel.Information, "{By} made the API key {Name} with scopes {Scopes} for {User}")]
    public static partial void KeyCreated(ILogger logger, string by, string name, string scopes, string? user);

    [LoggerMessage(1305, LogLevel.Information, "{By} revoked the API key {Name}")]
    public static partial void KeyRevoked(ILogger logger, string by, string name);

    [LoggerMessage(1303, LogLevel.Error, "SSH key {Fingerprint} of user {User} in the bootstrap file belongs to another user; left out")]
    public static partial void BootstrapKeyTaken(ILogger logger, string user, string fingerprint);
}

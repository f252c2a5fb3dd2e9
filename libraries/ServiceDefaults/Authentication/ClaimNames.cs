namespace Workspaces.ServiceDefaults.Authentication;

/// <summary>Names of the claims that an authenticated request has.</summary>
public static class ClaimNames
{
    /// <summary>User's or key's name, always there.</summary>
    public const string Subject = "sub";

    /// <summary>User's name, where the token belongs to a user.</summary>
    public const string Username = "username";

    /// <summary>Name of the API key or OIDC client.</summary>
    public const string ClientId = "client_id";

    /// <summary>One claim per scope.</summary>
    public const string Scope = "scope";

    /// <summary>One claim per role.</summary>
    public const string Role = "role";
}

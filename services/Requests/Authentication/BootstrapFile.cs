using System.Text.Json;
using Workspaces.Contracts;
using Workspaces.Requests.Users;
using Workspaces.Requests.Users.Keys;

namespace Workspaces.Requests.Authentication;

/// <summary>
/// The users and API keys that an installation begins with: a JSON file named by <c>Requests:BootstrapFile</c>. Whoever may write
/// it may do everything here. Relative paths in it are relative to it.
/// </summary>
public sealed record BootstrapFile
{
    /// <summary>API keys.</summary>
    public IReadOnlyList<BootstrapKey> Keys { get; init; } = [];

    /// <summary>Users.</summary>
    public IReadOnlyList<BootstrapUser> Users { get; init; } = [];

    /// <summary>Reads and checks the file.</summary>
    /// <exception cref="InvalidOperationException">It cannot be used; the message says why.</exception>
    public static BootstrapFile Read(string path)
    {
        try
        {
            var file = JsonSerializer.Deserialize<BootstrapFile>(File.ReadAllBytes(path), ContractsJson.Options) ?? new BootstrapFile();
            var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
            var resolved = file with { Keys = [.. file.Keys.Select(key => key.Resolve(folder))] };
            foreach (var user in resolved.Users)
            {
                user.Check();
            }

            return resolved;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException or InvalidOperationException)
        {
            throw new InvalidOperationException($"The bootstrap file {path} (Requests__BootstrapFile) cannot be used: {exception.Message}", exception);
        }
    }
}

/// <summary>An API key of the bootstrap file.</summary>
public sealed record BootstrapKey
{
    /// <summary>Name of the key.</summary>
    public required string Name { get; init; }

    /// <summary>The key.</summary>
    public string? Key { get; init; }

    /// <summary>Instead of <see cref="Key"/>: a file that holds it.</summary>
    public string? KeyFile { get; init; }

    /// <summary>What it may be used for.</summary>
    public IReadOnlyList<string> Scopes { get; init; } = [];

    /// <summary>The user it acts as.</summary>
    public string? User { get; init; }

    /// <summary>When it stops being valid.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The same with the key itself.</summary>
    internal BootstrapKey Resolve(string folder)
    {
        if (Key is null == KeyFile is null)
        {
            throw new InvalidOperationException($"key '{Name}': give either 'key' or 'keyFile'.");
        }

        var key = Key ?? File.ReadAllText(Path.Combine(folder, KeyFile!)).Trim();
        if (!ApiKey.IsWellFormed(key))
        {
            throw new InvalidOperationException(
                $"key '{Name}': a key is '{ApiKey.Prefix}' and at least {ApiKey.MinSecretLength} random letters and digits. Make one: echo {ApiKey.Prefix}$(openssl rand -hex 24)");
        }

        var unknown = Scopes.FirstOrDefault(scope => !KnownScopes.All.Contains(scope));
        return unknown is null
            ? this with { Key = key }
            : throw new InvalidOperationException($"key '{Name}': there is no scope '{unknown}'. There are: {string.Join(", ", KnownScopes.All)}.");
    }
}

/// <summary>A user of the bootstrap file.</summary>
public sealed record BootstrapUser
{
    /// <summary>User name.</summary>
    public required string Name { get; init; }

    /// <summary>POSIX user id.</summary>
    public int Uid { get; init; } = UserDefaults.Uid;

    /// <summary>POSIX group id.</summary>
    public int? Gid { get; init; }

    /// <summary>Mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Role.</summary>
    public UserRole Role { get; init; }

    /// <summary>OpenSSH public key lines.</summary>
    public IReadOnlyList<string> SshKeys { get; init; } = [];

    internal UserProfile Profile => new() { Name = Name, Uid = Uid, Gid = Gid ?? Uid, Email = Email, Groups = Groups, Role = Role };

    internal void Check()
    {
        if (UserRules.Check(Profile) is [var error, ..])
        {
            throw new InvalidOperationException($"user '{Name}': {error.Pointer}: {error.Message}");
        }

        foreach (var line in SshKeys)
        {
            if (SshPublicKeyParser.Parse(line, out var why) is null)
            {
                throw new InvalidOperationException($"user '{Name}', SSH key: {why}");
            }
        }
    }
}

using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Authenticating;

/// <summary>An authority whose user certificates are accepted, and the rule that says whom they stand for.</summary>
/// <param name="Key">Its public key.</param>
/// <param name="PrincipalsAreUsers">Whether a principal that is the name of a user stands for that user.</param>
/// <param name="Users">Users by principal; looked at first.</param>
public sealed record UserAuthority(SshPublicKey Key, bool PrincipalsAreUsers, IReadOnlyDictionary<string, string> Users)
{
    /// <summary>The user that a principal stands for, whether or not that user exists; null for none.</summary>
    public string? UserOf(string principal) => Users.TryGetValue(principal, out var user) ? user : PrincipalsAreUsers ? principal : null;
}

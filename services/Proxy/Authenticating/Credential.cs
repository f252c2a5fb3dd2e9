using System.Net;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Authenticating;

/// <summary>What somebody proved to hold: a key, plain or certified.</summary>
/// <param name="Key">The key that signed.</param>
/// <param name="Certificate">The certificate that it was presented in, or null.</param>
/// <param name="Client">Where the client is; null where that is not known, which no restriction to addresses lets pass.</param>
/// <param name="Flags">What a hardware key attested.</param>
public sealed record Credential(SshPublicKey Key, SshCertificate? Certificate = null, IPAddress? Client = null, SecurityKeyFlags Flags = SecurityKeyFlags.None)
{
    /// <summary>Fingerprint of the key.</summary>
    public string Fingerprint => Key.Fingerprint;

    /// <summary>What a verified login attempt showed.</summary>
    internal static Credential Of(LoginAttempt attempt, IPAddress? client) =>
        new(attempt.Key.Key, attempt.Key.Certificate, client, attempt.SecurityKeyFlags);
}

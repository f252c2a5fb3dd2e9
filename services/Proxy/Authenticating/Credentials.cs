using System.Net;
using Workspaces.Proxy.Directory;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Proxy.Authenticating;

/// <summary>
/// Whose a key is: by registration, or by the certificate of a configured authority. Asked at login, again after a wait, and all the time
/// that a session lasts.
/// </summary>
public sealed partial class Credentials(
    KeyRing keys, UserCertificates certificates, RevokedKeys revoked, TimeProvider time, ILogger<Credentials> logger)
{
    /// <summary>Whether a signature by a key is worth making. Follows from the key alone.</summary>
    public bool IsKnown(PresentedKey key, IPAddress? client) => key.Certificate is { } certificate
        ? CheckCertificate(certificate, client, flags: null).Users.Any(keys.IsUser)
        : keys.UserOf(key.Key.Fingerprint) is not null && !revoked.Current.IsRevoked(key.Key, certificate: null);

    /// <summary>The users that a credential stands for now; none where it stands for nobody.</summary>
    public IReadOnlyList<string> UsersOf(Credential credential)
    {
        if (credential.Certificate is not { } certificate)
        {
            return keys.UserOf(credential.Fingerprint) is { } user && !revoked.Current.IsRevoked(credential.Key, certificate: null) ? [user] : [];
        }

        return [.. CheckCertificate(certificate, credential.Client, credential.Flags).Users.Where(keys.IsUser)];
    }

    /// <summary>
    /// Whether a session that was opened with a credential may go on. A certificate that has run out since does not end it, as with sshd;
    /// revocation does.
    /// </summary>
    public bool StillHolds(Credential credential, string user) => credential.Certificate is { } certificate
        ? keys.IsUser(user) && !revoked.Current.IsRevoked(credential.Key, certificate)
        : UsersOf(credential).Contains(user);

    private CertificateVerdict CheckCertificate(SshCertificate certificate, IPAddress? client, SecurityKeyFlags? flags)
    {
        var verdict = certificates.Check(certificate, client, flags, revoked.Current, time.GetUtcNow());

        // What strangers sign themselves is not for the log to keep; what an authority signed and is refused, its operator will look for.
        if (verdict.Refusal is not (CertificateRefusal.None or CertificateRefusal.UnknownAuthority))
        {
            LogRefused(logger, SafeText.OneLine(certificate.KeyId), certificate.Serial, verdict.Refusal, SafeText.OneLine(verdict.Detail));
        }

        return verdict;
    }

    [LoggerMessage(1412, LogLevel.Information, "The certificate '{KeyId}' (serial {Serial}) was refused: {Refusal} {Detail}")]
    private static partial void LogRefused(ILogger logger, string keyId, ulong serial, CertificateRefusal refusal, string detail);
}

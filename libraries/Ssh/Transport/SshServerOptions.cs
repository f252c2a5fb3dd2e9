using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Ssh.Transport;

/// <summary>What the server's side needs.</summary>
public sealed class SshServerOptions : SshConnectionOptions
{
    /// <summary>Host keys, the preferred first; at most one of a type.</summary>
    public required IReadOnlyList<SshPrivateKey> HostKeys { get; init; }

    /// <summary>Certificates of <see cref="HostKeys"/> by an authority that clients know (<c>@cert-authority</c> in known_hosts); offered before the plain keys.</summary>
    public IReadOnlyList<SshCertificate> HostCertificates { get; init; } = [];

    /// <summary>Signature algorithms accepted from users, announced as <c>server-sig-algs</c> (RFC 8308 section 3.1).</summary>
    public IReadOnlyList<string> UserSignatureAlgorithms { get; init; } = SshAlgorithms.DefaultUserSignatures;

    /// <summary>
    /// Where the client offers AES-GCM, leave ChaCha20 out of the answer: AES is several times faster on processors of today. For that the
    /// server waits up to <see cref="ClientKexInitWait"/> for the client's KEXINIT before it sends its own.
    /// </summary>
    public bool PreferAesGcm { get; init; } = true;

    /// <summary>How long the server waits for the client's KEXINIT before it sends its own.</summary>
    public TimeSpan ClientKexInitWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What the server can present, the preferred first.</summary>
    internal IReadOnlyList<HostIdentity> HostIdentities => field ??= HostIdentity.Of(HostKeys, HostCertificates);
}

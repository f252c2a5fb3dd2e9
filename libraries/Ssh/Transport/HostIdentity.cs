using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;

namespace Workspaces.Ssh.Transport;

/// <summary>One way for a server to show who it is: a key, plain or in a certificate, with one signature algorithm.</summary>
/// <param name="Algorithm">Name in KEXINIT; a certificate's has a name of its own (OpenSSH PROTOCOL.certkeys).</param>
/// <param name="Blob">What is presented: the public key or the certificate.</param>
/// <param name="Key">The key that signs.</param>
/// <param name="SignatureAlgorithm">The algorithm that it signs with.</param>
internal sealed record HostIdentity(string Algorithm, ReadOnlyMemory<byte> Blob, SshPrivateKey Key, string SignatureAlgorithm)
{
    /// <summary>Certificates first: who does not know the authority does not offer their algorithms.</summary>
    public static IReadOnlyList<HostIdentity> Of(IReadOnlyList<SshPrivateKey> keys, IReadOnlyList<SshCertificate> certificates) =>
    [
        .. from certificate in certificates
           let key = keys.FirstOrDefault(candidate => candidate.PublicKey.Equals(certificate.Key))
               ?? throw new ArgumentException($"The host certificate '{certificate.KeyId}' is for a key that is not among the host keys.", nameof(certificates))
           from algorithm in key.PublicKey.SignatureAlgorithms
           select new HostIdentity(algorithm + CertificateNames.TypeSuffix, certificate.Blob, key, algorithm),
        .. from key in keys
           from algorithm in key.PublicKey.SignatureAlgorithms
           select new HostIdentity(algorithm, key.PublicKey.Blob, key, algorithm),
    ];
}

using Workspaces.Ssh.Certificates;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Authentication;

/// <summary>The method's part of a publickey request (RFC 4252 section 7), as it was sent.</summary>
internal sealed class PublicKeyRequest
{
    /// <summary>The name that the client gave the algorithm; PK_OK repeats it.</summary>
    public required string AlgorithmName { get; init; }

    /// <summary>Key or certificate as sent; PK_OK repeats it.</summary>
    public required byte[] Blob { get; init; }

    /// <summary>The server's host key as the client saw it; null without host binding.</summary>
    public required byte[]? HostKey { get; init; }

    /// <summary>The signature; null in a query.</summary>
    public required byte[]? Signature { get; init; }

    /// <summary>What the signature covers after the session identifier: the request up to the signature.</summary>
    public required byte[] Signed { get; init; }

    /// <param name="payload">The whole request.</param>
    /// <param name="method">What is left of it after the method's name.</param>
    /// <param name="hostBound">Whether the method carries the host key.</param>
    public static PublicKeyRequest Parse(ReadOnlySpan<byte> payload, ref SshReader method, bool hostBound)
    {
        var hasSignature = method.ReadBoolean();
        var algorithm = method.ReadName();
        var blob = method.ReadString().ToArray();
        var hostKey = hostBound ? method.ReadString().ToArray() : null;
        var signed = payload[..^method.Remaining.Length].ToArray();
        var signature = hasSignature ? method.ReadString().ToArray() : null;
        method.ExpectEnd();
        return new() { AlgorithmName = algorithm, Blob = blob, HostKey = hostKey, Signature = signature, Signed = signed };
    }

    /// <summary>The key in the request; null where its form, its type, its length or its algorithm is not acceptable.</summary>
    public PresentedKey? TryReadKey(IReadOnlyList<string> acceptedAlgorithms)
    {
        try
        {
            var certificate = SshCertificate.IsCertificateType(AlgorithmName) ? SshCertificate.Parse(Blob) : null;
            var key = certificate?.Key ?? SshPublicKey.Parse(Blob);
            var algorithm = certificate is null ? AlgorithmName : SignatureAlgorithmOf(certificate);
            return algorithm is not null && acceptedAlgorithms.Contains(algorithm) && key.SignatureAlgorithms.Contains(algorithm)
                ? new PresentedKey(key, certificate, algorithm)
                : null;
        }
        catch (SshFormatException)
        {
            // The same answer as for a key that nobody knows.
            return null;
        }
    }

    /// <summary>
    /// The algorithm behind a certificate's: for RSA the name says which hash, and the certificate type's own name would mean SHA-1
    /// (OpenSSH PROTOCOL.certkeys); for all others it is the key's type.
    /// </summary>
    private string? SignatureAlgorithmOf(SshCertificate certificate) => certificate.Key.KeyType == KeyTypes.Rsa
        ? AlgorithmName[..^CertificateNames.TypeSuffix.Length]
        : AlgorithmName == certificate.TypeName ? certificate.Key.KeyType : null;
}

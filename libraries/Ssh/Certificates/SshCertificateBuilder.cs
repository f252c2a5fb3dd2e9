using System.Security.Cryptography;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Certificates;

/// <summary>What a certificate shall say; <see cref="Sign"/> makes it one (OpenSSH PROTOCOL.certkeys).</summary>
public sealed class SshCertificateBuilder
{
    private const int NonceLength = 32;

    /// <summary>The key to certify.</summary>
    public required SshPublicKey Key { get; init; }

    /// <summary>User (default) or host.</summary>
    public CertificateType Type { get; init; } = CertificateType.User;

    /// <summary>Free text that sshd logs: name the person and the session.</summary>
    public required string KeyId { get; init; }

    /// <summary>Names that the certificate is good for; at least one.</summary>
    public required IReadOnlyList<string> Principals { get; init; }

    /// <summary>Start of validity. Leave room for clocks that differ.</summary>
    public required DateTimeOffset ValidAfter { get; init; }

    /// <summary>End of validity.</summary>
    public required DateTimeOffset ValidBefore { get; init; }

    /// <summary>Number of the certificate, for revocation; zero where nobody counts.</summary>
    public ulong Serial { get; init; }

    /// <summary>Restrictions by name (<see cref="CertificateNames"/>); an empty value where the option has none.</summary>
    public IReadOnlyDictionary<string, string> CriticalOptions { get; init; } = new Dictionary<string, string>();

    /// <summary>Permissions by name (<see cref="CertificateNames"/>); the value is empty.</summary>
    public IReadOnlyDictionary<string, string> Extensions { get; init; } = new Dictionary<string, string>();

    /// <summary>Signs with the authority's key.</summary>
    /// <exception cref="InvalidOperationException">Without principals a certificate would be good for everybody, and an empty period for nobody.</exception>
    public SshCertificate Sign(SshPrivateKey authority)
    {
        if (Principals.Count == 0 || Principals.Any(string.IsNullOrEmpty))
        {
            throw new InvalidOperationException("A certificate needs at least one principal, and none may be empty.");
        }

        if (ValidBefore <= ValidAfter)
        {
            throw new InvalidOperationException("A certificate must end after it begins.");
        }

        var writer = new SshWriter(1024);
        writer.WriteString(Key.KeyType.Replace("@openssh.com", "", StringComparison.Ordinal) + CertificateNames.TypeSuffix);
        writer.WriteString(RandomNumberGenerator.GetBytes(NonceLength));
        var key = new SshReader(Key.Blob.Span);
        key.ReadString(); // the type, which the certificate's own type replaces
        writer.WriteRaw(key.Remaining);
        writer.WriteUInt64(Serial);
        writer.WriteUInt32((uint)Type);
        writer.WriteString(KeyId);
        writer.WriteString(PackPrincipals());
        writer.WriteUInt64((ulong)Math.Max(0, ValidAfter.ToUnixTimeSeconds()));
        writer.WriteUInt64((ulong)Math.Max(0, ValidBefore.ToUnixTimeSeconds()));
        writer.WriteString(PackOptions(CriticalOptions));
        writer.WriteString(PackOptions(Extensions));
        writer.WriteString([]); // reserved
        writer.WriteString(authority.PublicKey.Blob.Span);
        writer.WriteString(authority.Sign(authority.PublicKey.SignatureAlgorithms[0], writer.WrittenSpan));
        return SshCertificate.Parse(writer.WrittenSpan);
    }

    private byte[] PackPrincipals()
    {
        var writer = new SshWriter();
        foreach (var principal in Principals)
        {
            writer.WriteString(principal);
        }

        return writer.ToArray();
    }

    /// <summary>Options must be in lexical order; a value is itself a packed string, and nothing where there is none.</summary>
    private static byte[] PackOptions(IReadOnlyDictionary<string, string> options)
    {
        var writer = new SshWriter();
        foreach (var (name, value) in options.OrderBy(option => option.Key, StringComparer.Ordinal))
        {
            writer.WriteString(name);
            var packed = new SshWriter();
            if (value.Length > 0)
            {
                packed.WriteString(value);
            }

            writer.WriteString(packed.WrittenSpan);
        }

        return writer.ToArray();
    }
}

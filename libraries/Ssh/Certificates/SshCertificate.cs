using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Certificates;

/// <summary>An OpenSSH certificate, version 01 (PROTOCOL.certkeys): a key, who it stands for, when and for what, signed by an authority.</summary>
/// <remarks>
/// A parsed certificate has a valid signature by <see cref="SignatureKey"/>; whether that key is an authority, whether the time is right
/// (<see cref="IsValidAt"/>), whether a principal matches and whether every critical option is understood is for the caller to check.
/// A certificate without principals must be refused for users: this library never treats it as valid for everybody.
/// </remarks>
public sealed class SshCertificate
{
    /// <summary>OpenSSH's own limit (SSHKEY_CERT_MAX_PRINCIPALS).</summary>
    private const int MaxPrincipals = 256;
    private const int MaxOptions = 64;
    private const int MaxBlobLength = 64 * 1024;

    private readonly byte[] _blob;

    private SshCertificate(byte[] blob) => _blob = blob;

    /// <summary>The certified key.</summary>
    public required SshPublicKey Key { get; init; }

    /// <summary>The certificate's type name, as public key algorithm in authentication.</summary>
    public string TypeName => Key.KeyType.Replace("@openssh.com", "", StringComparison.Ordinal) + CertificateNames.TypeSuffix;

    /// <summary>Number given by the authority.</summary>
    public required ulong Serial { get; init; }

    /// <summary>User or host.</summary>
    public required CertificateType Type { get; init; }

    /// <summary>Free text by the authority; sshd logs it.</summary>
    public required string KeyId { get; init; }

    /// <summary>Names that the certificate is good for.</summary>
    public required IReadOnlyList<string> Principals { get; init; }

    /// <summary>First second of validity, in seconds since 1970.</summary>
    public required ulong ValidAfter { get; init; }

    /// <summary>First second after validity, in seconds since 1970; the largest number means forever.</summary>
    public required ulong ValidBefore { get; init; }

    /// <summary>Restrictions; one that is not understood must lead to refusal.</summary>
    public required IReadOnlyDictionary<string, string> CriticalOptions { get; init; }

    /// <summary>Permissions; one that is not understood is ignored.</summary>
    public required IReadOnlyDictionary<string, string> Extensions { get; init; }

    /// <summary>The key that signed.</summary>
    public required SshPublicKey SignatureKey { get; init; }

    /// <summary>The certificate as it travels in messages.</summary>
    public ReadOnlyMemory<byte> Blob => _blob;

    /// <summary>Whether a type name is a certificate's.</summary>
    public static bool IsCertificateType(string typeName) => typeName.EndsWith(CertificateNames.TypeSuffix, StringComparison.Ordinal);

    /// <summary>Whether a moment lies in the validity period.</summary>
    public bool IsValidAt(DateTimeOffset moment)
    {
        var seconds = (ulong)Math.Max(0, moment.ToUnixTimeSeconds());
        return ValidAfter <= seconds && seconds < ValidBefore;
    }

    /// <summary>Parses the line of a <c>-cert.pub</c> file: type, base64, optional comment.</summary>
    /// <exception cref="SshFormatException">The line is no certificate.</exception>
    public static SshCertificate ParseLine(string line)
    {
        var words = line.Split(' ', 3, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var blob = new byte[line.Length];
        if (words.Length < 2 || !IsCertificateType(words[0]) || !Convert.TryFromBase64String(words[1], blob, out var length))
        {
            throw new SshFormatException("A certificate line must look like 'ssh-ed25519-cert-v01@openssh.com AAAA... comment'.");
        }

        var certificate = Parse(blob.AsSpan(0, length));
        return certificate.TypeName == words[0]
            ? certificate
            : throw new SshFormatException($"A certificate line says '{words[0]}' but holds a '{certificate.TypeName}'.");
    }

    /// <summary>Parses a certificate and verifies its signature.</summary>
    /// <exception cref="SshFormatException">Malformed, of an unknown type, or not signed by the key it names.</exception>
    public static SshCertificate Parse(ReadOnlySpan<byte> blob)
    {
        if (blob.Length > MaxBlobLength)
        {
            throw new SshFormatException($"A certificate of {blob.Length} bytes is longer than {MaxBlobLength}.");
        }

        var reader = new SshReader(blob);
        var typeName = reader.ReadName();
        reader.ReadString(); // nonce
        var key = ReadKey(ref reader, typeName);
        var serial = reader.ReadUInt64();
        var type = (CertificateType)reader.ReadUInt32();
        if (type is not (CertificateType.User or CertificateType.Host))
        {
            throw new SshFormatException("A certificate is neither for a user nor for a host.");
        }

        var keyId = reader.ReadText();
        var principals = ReadPrincipals(reader.ReadString());
        var validAfter = reader.ReadUInt64();
        var validBefore = reader.ReadUInt64();
        var criticalOptions = ReadOptions(reader.ReadString());
        var extensions = ReadOptions(reader.ReadString());
        reader.ReadString(); // reserved
        var signatureKey = SshPublicKey.Parse(reader.ReadString());
        var signed = blob[..^reader.Remaining.Length];
        var signature = reader.ReadString();
        reader.ExpectEnd();
        var signatureReader = new SshReader(signature);
        if (!signatureKey.Verify(signatureReader.ReadName(), signature, signed))
        {
            throw new SshFormatException("The signature of a certificate is wrong.");
        }

        return new SshCertificate(blob.ToArray())
        {
            Key = key,
            Serial = serial,
            Type = type,
            KeyId = keyId,
            Principals = principals,
            ValidAfter = validAfter,
            ValidBefore = validBefore,
            CriticalOptions = criticalOptions,
            Extensions = extensions,
            SignatureKey = signatureKey,
        };
    }

    /// <summary>The line of a <c>-cert.pub</c> file.</summary>
    public override string ToString() => $"{TypeName} {Convert.ToBase64String(_blob)}";

    /// <summary>Re-reads the key's own fields as a plain key: in a certificate they follow the nonce without the type in between.</summary>
    private static SshPublicKey ReadKey(ref SshReader reader, string typeName)
    {
        if (!IsCertificateType(typeName))
        {
            throw new SshFormatException($"'{typeName}' is not a certificate type.");
        }

        var plain = typeName[..^CertificateNames.TypeSuffix.Length];
        var (keyType, fields) = plain switch
        {
            KeyTypes.Ed25519 => (plain, 1),
            KeyTypes.Rsa => (plain, 2),
            KeyTypes.EcdsaNistP256 or KeyTypes.EcdsaNistP384 or KeyTypes.EcdsaNistP521 => (plain, 2),
            "sk-ssh-ed25519" => (KeyTypes.SkEd25519, 2),
            "sk-ecdsa-sha2-nistp256" => (KeyTypes.SkEcdsaNistP256, 3),
            _ => throw new SshFormatException($"Certificates of type '{typeName}' are not supported."),
        };
        var writer = new SshWriter();
        writer.WriteString(keyType);
        for (var i = 0; i < fields; i++)
        {
            writer.WriteString(reader.ReadString());
        }

        return SshPublicKey.Parse(writer.WrittenSpan);
    }

    private static List<string> ReadPrincipals(ReadOnlySpan<byte> packed)
    {
        var reader = new SshReader(packed);
        var principals = new List<string>();
        while (!reader.Remaining.IsEmpty)
        {
            if (principals.Count == MaxPrincipals)
            {
                throw new SshFormatException($"A certificate has more than {MaxPrincipals} principals.");
            }

            principals.Add(reader.ReadText());
        }

        return principals;
    }

    /// <summary>Reads pairs of name and packed value; a value is empty or holds one string. Names must be unique and in order.</summary>
    private static Dictionary<string, string> ReadOptions(ReadOnlySpan<byte> packed)
    {
        var reader = new SshReader(packed);
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        while (!reader.Remaining.IsEmpty)
        {
            var name = reader.ReadText();
            var value = new SshReader(reader.ReadString());
            var text = value.Remaining.IsEmpty ? "" : value.ReadText();
            value.ExpectEnd();
            if (options.Count == MaxOptions || !options.TryAdd(name, text))
            {
                throw new SshFormatException("A certificate has an option twice, or too many of them.");
            }
        }

        return options;
    }
}

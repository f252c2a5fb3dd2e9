using System.Security.Cryptography;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Certificates;

/// <summary>
/// Keys and certificates that are not accepted any more: a binary list as <c>ssh-keygen -k</c> makes it (OpenSSH PROTOCOL.krl), or a text of
/// public keys, one a line, as sshd_config's <c>RevokedKeys</c> takes both. Immutable and thread-safe.
/// </summary>
public sealed class KeyRevocationList
{
    private const ulong Magic = 0x5353484b524c0a00; // "SSHKRL\n\0"
    private const uint FormatVersion = 1;

    // PROTOCOL.krl, KRL_SECTION_*.
    private const byte Certificates = 1;
    private const byte ExplicitKey = 2;
    private const byte FingerprintSha1 = 3;
    private const byte Signature = 4;
    private const byte FingerprintSha256 = 5;
    private const byte Extension = 255;

    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sha1 = new(StringComparer.Ordinal);
    private readonly HashSet<string> _sha256 = new(StringComparer.Ordinal);
    private readonly List<(byte[] Authority, RevokedSerials Serials)> _certificates = [];

    private KeyRevocationList()
    {
    }

    /// <summary>Revokes nothing.</summary>
    public static KeyRevocationList Empty { get; } = new();

    /// <summary>Parses a file's content.</summary>
    /// <exception cref="SshFormatException">It is neither form, or holds what is not understood: to ignore it could accept what was revoked.</exception>
    public static KeyRevocationList Parse(ReadOnlySpan<byte> content)
    {
        var list = new KeyRevocationList();
        if (content.Length >= sizeof(ulong) && new SshReader(content).ReadUInt64() == Magic)
        {
            list.ReadBinary(content);
        }
        else
        {
            list.ReadText(content);
        }

        return list;
    }

    /// <summary>Whether a key, its certificate, or the authority behind the certificate is revoked.</summary>
    /// <param name="key">The key; with a certificate, the certified one.</param>
    /// <param name="certificate">The certificate that it came in, or null.</param>
    public bool IsRevoked(SshPublicKey key, SshCertificate? certificate) =>
        IsKeyRevoked(key)
        || (certificate is not null && (IsKeyRevoked(certificate.SignatureKey) || IsCertificateRevoked(certificate)));

    /// <summary>A section for future use: it is skipped unless it says that it must be understood (PROTOCOL.krl, section 5).</summary>
    internal static void ReadExtension(ref SshReader section)
    {
        var name = section.ReadName();
        var isCritical = section.ReadBoolean();
        section.ReadString();
        section.ExpectEnd();
        if (isCritical)
        {
            throw new SshFormatException($"A revocation list has the critical extension '{name}', which is not known here.");
        }
    }

    private bool IsCertificateRevoked(SshCertificate certificate) => _certificates.Exists(section =>
        (section.Authority.Length == 0 || certificate.SignatureKey.Blob.Span.SequenceEqual(section.Authority)) && section.Serials.Contains(certificate));

    private bool IsKeyRevoked(SshPublicKey key)
    {
        var blob = key.Blob.Span;
        return _keys.Contains(Convert.ToHexString(blob))
            || _sha256.Contains(Convert.ToHexString(SHA256.HashData(blob)))
            || (_sha1.Count > 0 && _sha1.Contains(Sha1(blob)));
    }

    private void ReadBinary(ReadOnlySpan<byte> content)
    {
        // PROTOCOL.krl, section 2.
        var reader = new SshReader(content);
        reader.ReadUInt64();
        if (reader.ReadUInt32() is not FormatVersion and var version)
        {
            throw new SshFormatException($"A revocation list has format {version}; only {FormatVersion} is known here.");
        }

        reader.ReadUInt64(); // number of the list
        reader.ReadUInt64(); // when it was made
        reader.ReadUInt64(); // flags: none are defined
        reader.ReadString(); // reserved
        reader.ReadString(); // comment
        while (!reader.Remaining.IsEmpty)
        {
            ReadSection(reader.ReadByte(), new SshReader(reader.ReadString()));
        }
    }

    private void ReadSection(byte type, SshReader section)
    {
        switch (type)
        {
            case Certificates:
                var authority = section.ReadString().ToArray();
                section.ReadString(); // reserved
                var serials = new RevokedSerials();
                serials.Read(ref section);
                _certificates.Add((authority, serials));
                break;
            case ExplicitKey:
                ReadStrings(section, _keys, exactLength: null);
                break;
            case FingerprintSha1:
                ReadStrings(section, _sha1, SHA1.HashSizeInBytes);
                break;
            case FingerprintSha256:
                ReadStrings(section, _sha256, SHA256.HashSizeInBytes);
                break;
            case Extension:
                ReadExtension(ref section);
                break;
            case Signature:
                throw new SshFormatException("Signed revocation lists are not supported, as OpenSSH dropped them: make the list with 'ssh-keygen -k'.");
            default:
                throw new SshFormatException($"A revocation list has a section of the unknown type {type}.");
        }
    }

    private static void ReadStrings(SshReader section, HashSet<string> into, int? exactLength)
    {
        while (!section.Remaining.IsEmpty)
        {
            var bytes = section.ReadString();
            if (exactLength is { } length && bytes.Length != length)
            {
                throw new SshFormatException($"A fingerprint in a revocation list has {bytes.Length} bytes, not {length}.");
            }

            into.Add(Convert.ToHexString(bytes));
        }
    }

    private void ReadText(ReadOnlySpan<byte> content)
    {
        var number = 0;
        foreach (var line in System.Text.Encoding.UTF8.GetString(content).Split('\n'))
        {
            number++;
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#')
            {
                continue;
            }

            try
            {
                _keys.Add(Convert.ToHexString(SshPublicKey.ParseLine(text).Blob.Span));
            }
            catch (SshFormatException e)
            {
                throw new SshFormatException($"Line {number} of a list of revoked keys is not a public key: {e.Message}", e);
            }
        }
    }

#pragma warning disable CA5350 // The format has fingerprints by SHA-1: a collision revokes a key too many, never one too few.
    private static string Sha1(ReadOnlySpan<byte> blob) => Convert.ToHexString(SHA1.HashData(blob));
#pragma warning restore CA5350
}

using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Certificates;

/// <summary>What a revocation list says about the certificates of one authority, or of any (OpenSSH PROTOCOL.krl, section 3.1).</summary>
internal sealed class RevokedSerials
{
    // PROTOCOL.krl, KRL_SECTION_CERT_*.
    private const byte SerialList = 0x20;
    private const byte SerialRange = 0x21;
    private const byte SerialBitmap = 0x22;
    private const byte KeyIdList = 0x23;
    private const byte Extension = 0x39;

    private readonly List<(ulong First, ulong Last)> _ranges = [];
    private readonly List<(ulong Offset, byte[] Bits)> _bitmaps = [];
    private readonly HashSet<ulong> _serials = [];
    private readonly HashSet<string> _keyIds = new(StringComparer.Ordinal);

    /// <summary>Whether a certificate is revoked. A serial of zero means that the authority does not count, so no number can revoke it.</summary>
    public bool Contains(SshCertificate certificate) =>
        _keyIds.Contains(certificate.KeyId) || (certificate.Serial != 0 && ContainsSerial(certificate.Serial));

    /// <summary>Adds the subsections of one section.</summary>
    public void Read(ref SshReader section)
    {
        while (!section.Remaining.IsEmpty)
        {
            var type = section.ReadByte();
            var data = new SshReader(section.ReadString());
            switch (type)
            {
                case SerialList:
                    while (!data.Remaining.IsEmpty)
                    {
                        _serials.Add(data.ReadUInt64());
                    }

                    break;
                case SerialRange:
                    var (first, last) = (data.ReadUInt64(), data.ReadUInt64());
                    data.ExpectEnd();
                    _ranges.Add(first <= last ? (first, last) : throw new SshFormatException("A revocation list has a range that ends before it begins."));
                    break;
                case SerialBitmap:
                    var offset = data.ReadUInt64();
                    _bitmaps.Add((offset, data.ReadPositiveMpint().ToArray()));
                    data.ExpectEnd();
                    break;
                case KeyIdList:
                    while (!data.Remaining.IsEmpty)
                    {
                        _keyIds.Add(data.ReadText());
                    }

                    break;
                case Extension:
                    KeyRevocationList.ReadExtension(ref data);
                    break;
                default:
                    throw new SshFormatException($"A revocation list has a section of certificates of the unknown type {type}.");
            }
        }
    }

    private bool ContainsSerial(ulong serial) =>
        _serials.Contains(serial)
        || _ranges.Exists(range => range.First <= serial && serial <= range.Last)
        || _bitmaps.Exists(bitmap => serial >= bitmap.Offset && IsSet(bitmap.Bits, serial - bitmap.Offset));

    /// <summary>Bit 0 is the lowest bit of the last byte: the bitmap is an mpint.</summary>
    private static bool IsSet(byte[] bits, ulong index) =>
        index / 8 < (ulong)bits.Length && (bits[bits.Length - 1 - (int)(index / 8)] >> (int)(index % 8) & 1) == 1;
}

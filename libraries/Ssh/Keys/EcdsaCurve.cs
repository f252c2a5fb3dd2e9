using System.Security.Cryptography;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>One of the three required curves (RFC 5656 section 10.1) with the hash that belongs to its size (section 6.2.1).</summary>
internal sealed class EcdsaCurve
{
    public static readonly EcdsaCurve NistP256 = new(KeyTypes.EcdsaNistP256, "nistp256", ECCurve.NamedCurves.nistP256, 32, HashAlgorithmName.SHA256);
    public static readonly EcdsaCurve NistP384 = new(KeyTypes.EcdsaNistP384, "nistp384", ECCurve.NamedCurves.nistP384, 48, HashAlgorithmName.SHA384);
    public static readonly EcdsaCurve NistP521 = new(KeyTypes.EcdsaNistP521, "nistp521", ECCurve.NamedCurves.nistP521, 66, HashAlgorithmName.SHA512);

    /// <summary>SEC 1 section 2.3.3: the octet that begins an uncompressed point; compressed points are not accepted.</summary>
    private const byte UncompressedPoint = 4;

    private EcdsaCurve(string keyType, string identifier, ECCurve curve, int fieldLength, HashAlgorithmName hash)
    {
        KeyType = keyType;
        Identifier = identifier;
        Curve = curve;
        FieldLength = fieldLength;
        Hash = hash;
    }

    public string KeyType { get; }

    public string Identifier { get; }

    public ECCurve Curve { get; }

    public int FieldLength { get; }

    public HashAlgorithmName Hash { get; }

    public static EcdsaCurve OfKeyType(string keyType) => keyType switch
    {
        KeyTypes.EcdsaNistP256 => NistP256,
        KeyTypes.EcdsaNistP384 => NistP384,
        KeyTypes.EcdsaNistP521 => NistP521,
        _ => throw new SshFormatException($"'{keyType}' is not an ECDSA key type."),
    };

    /// <summary>Reads curve identifier and point (RFC 5656 section 3.1) and checks that the point is on the curve.</summary>
    public ECPoint ReadPoint(ref SshReader reader)
    {
        var identifier = reader.ReadName();
        return identifier == Identifier
            ? DecodePoint(reader.ReadString())
            : throw new SshFormatException($"A key of type {KeyType} names the curve '{identifier}'.");
    }

    /// <summary>Decodes an uncompressed point and checks that it is on the curve.</summary>
    public ECPoint DecodePoint(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != 1 + (2 * FieldLength) || encoded[0] != UncompressedPoint)
        {
            throw new SshFormatException($"A point on {Identifier} must be uncompressed and have {1 + (2 * FieldLength)} bytes.");
        }

        var point = new ECPoint { X = encoded.Slice(1, FieldLength).ToArray(), Y = encoded[(1 + FieldLength)..].ToArray() };
        try
        {
            using var check = ECDsa.Create(new ECParameters { Curve = Curve, Q = point });
        }
        catch (CryptographicException e)
        {
            throw new SshFormatException($"A point is not on {Identifier}.", e);
        }

        return point;
    }

    public static byte[] EncodePoint(ECPoint point) => [UncompressedPoint, .. point.X!, .. point.Y!];

    /// <summary>Reads the pair of integers that is an ECDSA signature (RFC 5656 section 3.1.2) into fixed-width form.</summary>
    public byte[] ReadSignature(ref SshReader reader)
    {
        var pair = new byte[2 * FieldLength];
        ReadPadded(ref reader, pair.AsSpan(0, FieldLength));
        ReadPadded(ref reader, pair.AsSpan(FieldLength));
        return pair;
    }

    private static void ReadPadded(ref SshReader reader, Span<byte> destination)
    {
        var magnitude = reader.ReadPositiveMpint();
        if (magnitude.Length > destination.Length)
        {
            throw new SshFormatException("An integer of an ECDSA signature is too long.");
        }

        magnitude.CopyTo(destination[^magnitude.Length..]);
    }
}

using Org.BouncyCastle.Math.EC.Rfc8032;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>An Ed25519 key (RFC 8709).</summary>
public sealed class Ed25519PublicKey : SshPublicKey
{
    private static readonly string[] Algorithms = [KeyTypes.Ed25519];

    private readonly byte[] _point;

    private Ed25519PublicKey(byte[] point, byte[] blob)
        : base(KeyTypes.Ed25519, blob) => _point = point;

    /// <inheritdoc/>
    public override IReadOnlyList<string> SignatureAlgorithms => Algorithms;

    internal ReadOnlySpan<byte> Point => _point;

    internal static Ed25519PublicKey FromPoint(ReadOnlySpan<byte> point)
    {
        var writer = new SshWriter();
        writer.WriteString(KeyTypes.Ed25519);
        writer.WriteString(point);
        return new(point.ToArray(), writer.ToArray());
    }

    internal static Ed25519PublicKey Read(ref SshReader reader, ReadOnlySpan<byte> blob) => new(ReadPoint(ref reader), blob.ToArray());

    /// <summary>Reads the 32 bytes of a public key (RFC 8709 section 4).</summary>
    internal static byte[] ReadPoint(ref SshReader reader)
    {
        var point = reader.ReadString();
        return point.Length == Ed25519.PublicKeySize
            ? point.ToArray()
            : throw new SshFormatException($"An Ed25519 public key has {Ed25519.PublicKeySize} bytes, not {point.Length}.");
    }

    /// <summary>Verifies 64 bytes of signature (RFC 8709 section 6).</summary>
    internal static bool VerifyRaw(ReadOnlySpan<byte> point, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> data) =>
        signature.Length == Ed25519.SignatureSize && Ed25519.Verify(signature, point, data);

    private protected override bool VerifyCore(string algorithm, ref SshReader signature, ReadOnlySpan<byte> data, out SecurityKeyFlags flags)
    {
        flags = SecurityKeyFlags.None;
        return VerifyRaw(_point, signature.ReadString(), data);
    }
}

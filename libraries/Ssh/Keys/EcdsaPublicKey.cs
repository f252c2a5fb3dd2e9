using System.Security.Cryptography;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>An ECDSA key on one of the NIST curves (RFC 5656).</summary>
public sealed class EcdsaPublicKey : SshPublicKey
{
    private readonly EcdsaCurve _curve;
    private readonly ECPoint _point;

    private EcdsaPublicKey(EcdsaCurve curve, ECPoint point, byte[] blob)
        : base(curve.KeyType, blob)
    {
        _curve = curve;
        _point = point;
        SignatureAlgorithms = [curve.KeyType];
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SignatureAlgorithms { get; }

    internal static EcdsaPublicKey FromPoint(EcdsaCurve curve, ECPoint point)
    {
        var writer = new SshWriter();
        writer.WriteString(curve.KeyType);
        writer.WriteString(curve.Identifier);
        writer.WriteString(EcdsaCurve.EncodePoint(point));
        return new(curve, point, writer.ToArray());
    }

    internal static EcdsaPublicKey Read(ref SshReader reader, string keyType, ReadOnlySpan<byte> blob)
    {
        var curve = EcdsaCurve.OfKeyType(keyType);
        return new(curve, curve.ReadPoint(ref reader), blob.ToArray());
    }

    private protected override bool VerifyCore(string algorithm, ref SshReader signature, ReadOnlySpan<byte> data, out SecurityKeyFlags flags)
    {
        flags = SecurityKeyFlags.None;
        var inner = new SshReader(signature.ReadString());
        var pair = _curve.ReadSignature(ref inner);
        inner.ExpectEnd();
        using var key = ECDsa.Create(new ECParameters { Curve = _curve.Curve, Q = _point });
        return key.VerifyData(data, pair, _curve.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}

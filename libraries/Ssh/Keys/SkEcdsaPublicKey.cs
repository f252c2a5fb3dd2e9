using System.Security.Cryptography;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>An ECDSA P-256 key held by a hardware key (OpenSSH PROTOCOL.u2f).</summary>
public sealed class SkEcdsaPublicKey : SshPublicKey
{
    private static readonly string[] Algorithms = [KeyTypes.SkEcdsaNistP256];

    private readonly ECPoint _point;

    private SkEcdsaPublicKey(ECPoint point, string application, byte[] blob)
        : base(KeyTypes.SkEcdsaNistP256, blob)
    {
        _point = point;
        Application = application;
    }

    /// <summary>The application the key was made for, usually <c>ssh:</c>.</summary>
    public string Application { get; }

    /// <inheritdoc/>
    public override IReadOnlyList<string> SignatureAlgorithms => Algorithms;

    internal static SkEcdsaPublicKey Read(ref SshReader reader, ReadOnlySpan<byte> blob) =>
        new(EcdsaCurve.NistP256.ReadPoint(ref reader), reader.ReadText(), blob.ToArray());

    private protected override bool VerifyCore(string algorithm, ref SshReader signature, ReadOnlySpan<byte> data, out SecurityKeyFlags flags)
    {
        var inner = new SshReader(signature.ReadString());
        var pair = EcdsaCurve.NistP256.ReadSignature(ref inner);
        inner.ExpectEnd();
        var flagByte = signature.ReadByte();
        var counter = signature.ReadUInt32();
        flags = (SecurityKeyFlags)flagByte;
        var signed = SecurityKeySignature.SignedData(Application, flagByte, counter, data);
        using var key = ECDsa.Create(new ECParameters { Curve = EcdsaCurve.NistP256.Curve, Q = _point });
        return key.VerifyData(signed, pair, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
    }
}

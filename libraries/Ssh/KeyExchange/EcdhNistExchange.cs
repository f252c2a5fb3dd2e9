using System.Security.Cryptography;
using Workspaces.Ssh.Keys;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>
/// ecdh-sha2-nistp256/384/521 (RFC 5656 section 4): public values are uncompressed points, the secret is the x coordinate as an mpint.
/// </summary>
internal sealed class EcdhNistExchange(EcdsaCurve curve) : KeyExchangeMethod
{
    private readonly ECDiffieHellman _own = ECDiffieHellman.Create(curve.Curve);

    /// <summary>RFC 5656 section 6.2.1: the hash that belongs to the size of the curve.</summary>
    public override HashAlgorithmName Hash => curve.Hash;

    public override byte[] Start() => EcdsaCurve.EncodePoint(_own.ExportParameters(includePrivateParameters: false).Q);

    public override (byte[] Reply, byte[] Secret) Respond(ReadOnlySpan<byte> clientValue) => (Start(), Finish(clientValue));

    public override byte[] Finish(ReadOnlySpan<byte> serverValue)
    {
        // RFC 5656 section 4: the peer's point must be validated; decoding refuses what is not on the curve.
        var point = curve.DecodePoint(serverValue);
        using var peer = ECDiffieHellman.Create(new ECParameters { Curve = curve.Curve, Q = point });
        using var peerKey = peer.PublicKey;
        var secret = _own.DeriveRawSecretAgreement(peerKey);
        return EncodeMpintAndErase(secret);
    }

    public override void Dispose() => _own.Dispose();
}

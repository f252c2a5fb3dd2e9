using System.Security.Cryptography;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>curve25519-sha256 (RFC 8731). The secret is an mpint.</summary>
internal sealed class Curve25519Exchange : KeyExchangeMethod
{
    private readonly X25519KeyPair _pair = new();

    public override HashAlgorithmName Hash => HashAlgorithmName.SHA256;

    public override byte[] Start() => _pair.PublicKey;

    public override (byte[] Reply, byte[] Secret) Respond(ReadOnlySpan<byte> clientValue) => (_pair.PublicKey, Finish(clientValue));

    public override byte[] Finish(ReadOnlySpan<byte> serverValue) => EncodeMpintAndErase(_pair.Agree(serverValue));

    public override void Dispose() => _pair.Dispose();
}

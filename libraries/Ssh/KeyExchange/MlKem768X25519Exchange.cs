using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Kems;
using Org.BouncyCastle.Crypto.Parameters;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>
/// mlkem768x25519-sha256 (draft-ietf-sshm-mlkem-hybrid-kex): ML-KEM-768 (FIPS 203) and X25519 together, so that both must be broken.
/// The secret K is the SHA-256 of both secrets, and a string rather than an mpint.
/// </summary>
internal sealed class MlKem768X25519Exchange : KeyExchangeMethod
{
    /// <summary>FIPS 203, table 3.</summary>
    private const int EncapsulationKeyLength = 1184;

    /// <summary>FIPS 203, table 3.</summary>
    private const int CiphertextLength = 1088;

    private const int SharedSecretLength = 32;
    private const int SeedLength = 64;

    private readonly X25519KeyPair _x25519 = new();
    private MLKemPrivateKeyParameters? _mlKem;

    public override HashAlgorithmName Hash => HashAlgorithmName.SHA256;

    public override byte[] Start()
    {
        _mlKem = MLKemPrivateKeyParameters.FromSeed(MLKemParameters.ml_kem_768, RandomNumberGenerator.GetBytes(SeedLength));
        return [.. _mlKem.GetPublicKeyEncoded(), .. _x25519.PublicKey];
    }

    public override (byte[] Reply, byte[] Secret) Respond(ReadOnlySpan<byte> clientValue)
    {
        if (clientValue.Length != EncapsulationKeyLength + X25519KeyPair.PublicLength)
        {
            throw new SshFormatException("The client's ML-KEM-768 and X25519 keys have the wrong length.");
        }

        var encapsulator = new MLKemEncapsulator(MLKemParameters.ml_kem_768);
        try
        {
            // FIPS 203 section 7.2: the decoder refuses coefficients that are not reduced modulo q.
            encapsulator.Init(MLKemPublicKeyParameters.FromEncoding(MLKemParameters.ml_kem_768, clientValue[..EncapsulationKeyLength].ToArray()));
        }
        catch (ArgumentException e)
        {
            throw new SshFormatException("The client's ML-KEM-768 key is not one.", e);
        }

        var reply = new byte[CiphertextLength + X25519KeyPair.PublicLength];
        var mlKemSecret = new byte[SharedSecretLength];
        encapsulator.Encapsulate(reply.AsSpan(0, CiphertextLength), mlKemSecret);
        _x25519.PublicKey.CopyTo(reply, CiphertextLength);
        return (reply, Combine(mlKemSecret, _x25519.Agree(clientValue[EncapsulationKeyLength..])));
    }

    public override byte[] Finish(ReadOnlySpan<byte> serverValue)
    {
        if (serverValue.Length != CiphertextLength + X25519KeyPair.PublicLength)
        {
            throw new SshFormatException("The server's ML-KEM-768 ciphertext and X25519 key have the wrong length.");
        }

        var decapsulator = new MLKemDecapsulator(MLKemParameters.ml_kem_768);
        decapsulator.Init(_mlKem ?? throw new InvalidOperationException("Start comes before Finish."));
        var mlKemSecret = new byte[SharedSecretLength];
        decapsulator.Decapsulate(serverValue[..CiphertextLength], mlKemSecret);
        return Combine(mlKemSecret, _x25519.Agree(serverValue[CiphertextLength..]));
    }

    public override void Dispose() => _x25519.Dispose();

    private static byte[] Combine(byte[] mlKemSecret, byte[] x25519Secret)
    {
        byte[] both = [.. mlKemSecret, .. x25519Secret];
        var writer = new SshWriter();
        writer.WriteString(SHA256.HashData(both));
        var encoded = writer.ToArray();
        writer.Erase();
        CryptographicOperations.ZeroMemory(both);
        CryptographicOperations.ZeroMemory(mlKemSecret);
        CryptographicOperations.ZeroMemory(x25519Secret);
        return encoded;
    }
}

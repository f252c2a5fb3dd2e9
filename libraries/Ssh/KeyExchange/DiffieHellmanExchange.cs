using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.Agreement;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Security;
using BigInteger = Org.BouncyCastle.Math.BigInteger;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>
/// diffie-hellman-group14-sha256 and -group16-sha512 (RFC 4253 section 8, RFC 8268): the groups of RFC 3526, public values and secret
/// are mpints. Costly for a server, so never on by default.
/// </summary>
internal sealed class DiffieHellmanExchange(DHParameters group, HashAlgorithmName hash) : KeyExchangeMethod
{
    /// <summary>RFC 3526 section 3: the 2048-bit group.</summary>
    public static DHParameters Modp2048 => DHStandardGroups.rfc3526_2048;

    /// <summary>RFC 3526 section 5: the 4096-bit group.</summary>
    public static DHParameters Modp4096 => DHStandardGroups.rfc3526_4096;

    private DHPrivateKeyParameters? _own;

    public override HashAlgorithmName Hash => hash;

    public override byte[] Start()
    {
        var generator = new DHKeyPairGenerator();
        generator.Init(new DHKeyGenerationParameters(new SecureRandom(), group));
        var pair = generator.GenerateKeyPair();
        _own = (DHPrivateKeyParameters)pair.Private;
        return ((DHPublicKeyParameters)pair.Public).Y.ToByteArray();
    }

    public override (byte[] Reply, byte[] Secret) Respond(ReadOnlySpan<byte> clientValue)
    {
        var reply = Start();
        return (reply, Finish(clientValue));
    }

    public override byte[] Finish(ReadOnlySpan<byte> serverValue)
    {
        var own = _own ?? throw new InvalidOperationException("Start comes before Finish.");
        if (serverValue.IsEmpty || (serverValue[0] & 0x80) != 0 || serverValue.Length > (group.P.BitLength / 8) + 1)
        {
            throw new SshFormatException("A Diffie-Hellman value is not a number of the group.");
        }

        DHPublicKeyParameters peer;
        try
        {
            // RFC 4253 section 8: values outside [1, p-1] must not be accepted; 1, p-1 and values outside the subgroup are refused as well.
            peer = new DHPublicKeyParameters(new BigInteger(1, serverValue), group);
        }
        catch (ArgumentException e)
        {
            throw new SshFormatException("A Diffie-Hellman value is not a number of the group.", e);
        }

        var agreement = new DHBasicAgreement();
        agreement.Init(own);
        return EncodeMpintAndErase(agreement.CalculateAgreement(peer).ToByteArrayUnsigned());
    }

    public override void Dispose() => _own = null;
}

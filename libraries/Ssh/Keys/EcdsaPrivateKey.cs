using System.Security.Cryptography;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>An ECDSA private key on one of the NIST curves (RFC 5656).</summary>
public sealed class EcdsaPrivateKey : SshPrivateKey
{
    private readonly EcdsaCurve _curve;
    private readonly ECParameters _parameters;

    private EcdsaPrivateKey(EcdsaCurve curve, ECParameters parameters)
        : base(EcdsaPublicKey.FromPoint(curve, parameters.Q))
    {
        _curve = curve;
        _parameters = parameters;
    }

    /// <summary>Makes a new key of the given type, one of the three ECDSA types in <see cref="KeyTypes"/>.</summary>
    public static EcdsaPrivateKey Generate(string keyType)
    {
        var curve = EcdsaCurve.OfKeyType(keyType);
        using var key = ECDsa.Create(curve.Curve);
        return new(curve, key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>Fields of openssh-key-v1: curve, point, private number.</summary>
    internal static EcdsaPrivateKey Read(ref SshReader reader, string keyType)
    {
        var curve = EcdsaCurve.OfKeyType(keyType);
        var point = curve.ReadPoint(ref reader);
        var magnitude = reader.ReadPositiveMpint();
        if (magnitude.Length > curve.FieldLength)
        {
            throw new SshFormatException("An ECDSA private key is too long.");
        }

        var number = new byte[curve.FieldLength];
        magnitude.CopyTo(number.AsSpan(number.Length - magnitude.Length));
        var parameters = new ECParameters { Curve = curve.Curve, Q = point, D = number };
        try
        {
            using var check = ECDsa.Create(parameters);
        }
        catch (CryptographicException e)
        {
            throw new SshFormatException("The halves of an ECDSA private key do not belong together.", e);
        }

        return new(curve, parameters);
    }

    internal override void WritePrivateFields(SshWriter writer)
    {
        writer.WriteString(_curve.Identifier);
        writer.WriteString(EcdsaCurve.EncodePoint(_parameters.Q));
        writer.WriteMpint(_parameters.D);
    }

    private protected override byte[] SignCore(string algorithm, ReadOnlySpan<byte> data)
    {
        using var key = ECDsa.Create(_parameters);
        var pair = key.SignData(data, _curve.Hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        var writer = new SshWriter();
        writer.WriteMpint(pair.AsSpan(0, _curve.FieldLength));
        writer.WriteMpint(pair.AsSpan(_curve.FieldLength));
        return writer.ToArray();
    }
}

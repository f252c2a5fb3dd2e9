using System.Numerics;
using System.Security.Cryptography;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>An RSA private key; signs with SHA-2 only (RFC 8332).</summary>
public sealed class RsaPrivateKey : SshPrivateKey
{
    private readonly RSAParameters _parameters;

    private RsaPrivateKey(RSAParameters parameters)
        : base(RsaPublicKey.FromParameters(parameters.Exponent, parameters.Modulus)) => _parameters = parameters;

    /// <summary>Makes a new key of the given length in bits.</summary>
    public static RsaPrivateKey Generate(int bits = 3072)
    {
        using var key = RSA.Create(bits);
        return new(key.ExportParameters(includePrivateParameters: true));
    }

    /// <summary>Fields of openssh-key-v1: n, e, d, q^-1 mod p, p, q.</summary>
    internal static RsaPrivateKey Read(ref SshReader reader)
    {
        var modulus = reader.ReadPositiveMpint();
        var exponent = reader.ReadPositiveMpint();
        var d = reader.ReadPositiveMpint();
        var inverseQ = reader.ReadPositiveMpint();
        var p = reader.ReadPositiveMpint();
        var q = reader.ReadPositiveMpint();
        var half = (modulus.Length + 1) / 2;
        if (modulus.Length * 8 is < RsaPublicKey.MinBits - 7 or > RsaPublicKey.MaxBits || p.Length is 0 || q.Length is 0 || p is [1] || q is [1])
        {
            throw new SshFormatException($"An RSA private key must have {RsaPublicKey.MinBits} to {RsaPublicKey.MaxBits} bits.");
        }

        var parameters = new RSAParameters
        {
            Modulus = modulus.ToArray(),
            Exponent = exponent.ToArray(),
            D = Padded(d, modulus.Length),
            InverseQ = Padded(inverseQ, half),
            P = Padded(p, half),
            Q = Padded(q, half),
            DP = Padded(Reduced(d, p), half),
            DQ = Padded(Reduced(d, q), half),
        };
        try
        {
            using var check = RSA.Create(parameters);
        }
        catch (CryptographicException e)
        {
            throw new SshFormatException("The parts of an RSA private key do not belong together.", e);
        }

        return new(parameters);
    }

    internal override void WritePrivateFields(SshWriter writer)
    {
        writer.WriteMpint(_parameters.Modulus);
        writer.WriteMpint(_parameters.Exponent);
        writer.WriteMpint(_parameters.D);
        writer.WriteMpint(_parameters.InverseQ);
        writer.WriteMpint(_parameters.P);
        writer.WriteMpint(_parameters.Q);
    }

    private protected override byte[] SignCore(string algorithm, ReadOnlySpan<byte> data)
    {
        using var key = RSA.Create(_parameters);
        return key.SignData(data, RsaPublicKey.HashOf(algorithm), RSASignaturePadding.Pkcs1);
    }

    private static byte[] Reduced(ReadOnlySpan<byte> d, ReadOnlySpan<byte> prime) =>
        (Number(d) % (Number(prime) - 1)).ToByteArray(isUnsigned: true, isBigEndian: true);

    private static BigInteger Number(ReadOnlySpan<byte> magnitude) => new(magnitude, isUnsigned: true, isBigEndian: true);

    private static byte[] Padded(ReadOnlySpan<byte> magnitude, int length)
    {
        if (magnitude.Length > length)
        {
            throw new SshFormatException("A part of an RSA private key is too long.");
        }

        var padded = new byte[length];
        magnitude.CopyTo(padded.AsSpan(length - magnitude.Length));
        return padded;
    }
}

using System.Security.Cryptography;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>An RSA key (RFC 4253 section 6.6), used only with SHA-2 signatures (RFC 8332).</summary>
public sealed class RsaPublicKey : SshPublicKey
{
    /// <summary>Shorter keys are refused (RFC 8332 section 5.1).</summary>
    public const int MinBits = 2048;

    /// <summary>Longer keys are refused: verifying cost grows with the square of the length.</summary>
    public const int MaxBits = 16384;

    /// <summary>Exponents beyond 64 bits only cost the verifier time.</summary>
    private const int MaxExponentBytes = 8;

    private static readonly string[] Algorithms = [KeyTypes.RsaSha512, KeyTypes.RsaSha256];

    private readonly RSAParameters _parameters;

    private RsaPublicKey(RSAParameters parameters, byte[] blob)
        : base(KeyTypes.Rsa, blob) => _parameters = parameters;

    /// <inheritdoc/>
    public override IReadOnlyList<string> SignatureAlgorithms => Algorithms;

    internal static RsaPublicKey FromParameters(ReadOnlySpan<byte> exponent, ReadOnlySpan<byte> modulus)
    {
        var writer = new SshWriter(1024);
        writer.WriteString(KeyTypes.Rsa);
        writer.WriteMpint(exponent);
        writer.WriteMpint(modulus);
        return (RsaPublicKey)Parse(writer.WrittenSpan);
    }

    internal static RsaPublicKey Read(ref SshReader reader, ReadOnlySpan<byte> blob)
    {
        var exponent = reader.ReadPositiveMpint();
        var modulus = reader.ReadPositiveMpint();
        var bits = modulus.IsEmpty ? 0 : (modulus.Length * 8) - byte.LeadingZeroCount(modulus[0]);
        if (bits is < MinBits or > MaxBits)
        {
            throw new SshFormatException($"An RSA key has {bits} bits; {MinBits} to {MaxBits} are accepted.");
        }

        if (exponent.Length is 0 or > MaxExponentBytes || (exponent[^1] & 1) == 0 || exponent is [1] || (modulus[^1] & 1) == 0)
        {
            throw new SshFormatException("An RSA key has an unusable exponent or modulus.");
        }

        return new(new RSAParameters { Exponent = exponent.ToArray(), Modulus = modulus.ToArray() }, blob.ToArray());
    }

    internal static HashAlgorithmName HashOf(string algorithm) =>
        algorithm == KeyTypes.RsaSha512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;

    private protected override bool VerifyCore(string algorithm, ref SshReader signature, ReadOnlySpan<byte> data, out SecurityKeyFlags flags)
    {
        flags = SecurityKeyFlags.None;
        var received = signature.ReadString();
        var length = _parameters.Modulus!.Length;
        if (received.Length > length)
        {
            return false;
        }

        // Some signers drop leading zero bytes; the primitive wants the length of the modulus.
        var padded = new byte[length];
        received.CopyTo(padded.AsSpan(length - received.Length));
        using var key = RSA.Create(_parameters);
        return key.VerifyData(data, padded, HashOf(algorithm), RSASignaturePadding.Pkcs1);
    }
}

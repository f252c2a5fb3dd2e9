using System.Security.Cryptography;
using System.Text;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>A public key in the encoding of RFC 4253 section 6.6, able to verify signatures. Immutable and thread-safe.</summary>
public abstract class SshPublicKey : IEquatable<SshPublicKey>
{
    /// <summary>No key type that is accepted needs more; a 16384-bit RSA key has about 2,100 bytes.</summary>
    internal const int MaxBlobLength = 8 * 1024;

    private readonly byte[] _blob;

    private protected SshPublicKey(string keyType, byte[] blob)
    {
        KeyType = keyType;
        _blob = blob;
        Fingerprint = "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');
    }

    /// <summary>The key's type, one of <see cref="KeyTypes"/>.</summary>
    public string KeyType { get; }

    /// <summary>The key as it travels in messages.</summary>
    public ReadOnlyMemory<byte> Blob => _blob;

    /// <summary>The fingerprint as OpenSSH prints it: <c>SHA256:</c> and base64 without padding.</summary>
    public string Fingerprint { get; }

    /// <summary>Signature algorithms that this key can be used with, best first.</summary>
    public abstract IReadOnlyList<string> SignatureAlgorithms { get; }

    /// <summary>Parses the wire encoding.</summary>
    /// <exception cref="SshFormatException">The encoding is malformed, the type unknown, or the key too weak.</exception>
    public static SshPublicKey Parse(ReadOnlySpan<byte> blob)
    {
        if (blob.Length > MaxBlobLength)
        {
            throw new SshFormatException($"A public key of {blob.Length} bytes is longer than {MaxBlobLength}.");
        }

        var reader = new SshReader(blob);
        var type = reader.ReadName();
        SshPublicKey key = type switch
        {
            KeyTypes.Ed25519 => Ed25519PublicKey.Read(ref reader, blob),
            KeyTypes.Rsa => RsaPublicKey.Read(ref reader, blob),
            KeyTypes.EcdsaNistP256 or KeyTypes.EcdsaNistP384 or KeyTypes.EcdsaNistP521 => EcdsaPublicKey.Read(ref reader, type, blob),
            KeyTypes.SkEd25519 => SkEd25519PublicKey.Read(ref reader, blob),
            KeyTypes.SkEcdsaNistP256 => SkEcdsaPublicKey.Read(ref reader, blob),
            _ => throw new SshFormatException(
                $"Keys of type '{type}' are not supported; use ssh-ed25519, ecdsa-sha2-nistp256/384/521, RSA of 2048 bits or more, or their sk- forms."),
        };
        reader.ExpectEnd();
        return key;
    }

    /// <summary>Parses a line as in a <c>.pub</c> file: type, base64, optional comment. Options of <c>authorized_keys</c> are read by <see cref="AuthorizedKey"/>.</summary>
    /// <exception cref="SshFormatException">The line is not a public key.</exception>
    public static SshPublicKey ParseLine(string line) => AuthorizedKey.Parse(line) is { Options.Count: 0 } entry
        ? entry.Key
        : throw new SshFormatException("A public key line may not begin with options.");

    /// <summary>Verifies a signature (RFC 4253 section 6.6: algorithm name and signature).</summary>
    /// <param name="algorithm">The algorithm that was negotiated or announced; the signature must name the same.</param>
    /// <param name="signature">The encoded signature.</param>
    /// <param name="data">What was signed.</param>
    public bool Verify(string algorithm, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> data) => Verify(algorithm, signature, data, out _);

    /// <summary>Verifies a signature and tells what a hardware key attests.</summary>
    /// <remarks>The caller decides which <paramref name="flags"/> it demands; a valid signature may well be without touch.</remarks>
    /// <param name="algorithm">The algorithm that was negotiated or announced; the signature must name the same.</param>
    /// <param name="signature">The encoded signature.</param>
    /// <param name="data">What was signed.</param>
    /// <param name="flags">What a hardware key attests; none for other keys.</param>
    public bool Verify(string algorithm, ReadOnlySpan<byte> signature, ReadOnlySpan<byte> data, out SecurityKeyFlags flags)
    {
        flags = SecurityKeyFlags.None;
        if (!SignatureAlgorithms.Contains(algorithm))
        {
            return false;
        }

        try
        {
            var reader = new SshReader(signature);
            return reader.ReadString().SequenceEqual(Encoding.ASCII.GetBytes(algorithm))
                && VerifyCore(algorithm, ref reader, data, out flags)
                && reader.Remaining.IsEmpty;
        }
        catch (SshFormatException)
        {
            // A malformed signature is a wrong signature: both are answered alike.
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(SshPublicKey? other) => other is not null && _blob.AsSpan().SequenceEqual(other._blob);

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as SshPublicKey);

    /// <inheritdoc/>
    public sealed override int GetHashCode() => Fingerprint.GetHashCode(StringComparison.Ordinal);

    /// <summary>The line of a <c>.pub</c> file without comment.</summary>
    public sealed override string ToString() => $"{KeyType} {Convert.ToBase64String(_blob)}";

    /// <summary>Verifies the rest of an encoded signature after its algorithm name, leaving nothing unread.</summary>
    private protected abstract bool VerifyCore(string algorithm, ref SshReader signature, ReadOnlySpan<byte> data, out SecurityKeyFlags flags);
}

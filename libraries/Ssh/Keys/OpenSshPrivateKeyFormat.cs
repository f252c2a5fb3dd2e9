using System.Security.Cryptography;
using System.Text;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>The private key file format of OpenSSH (PROTOCOL.key), unencrypted: how services mount keys from Kubernetes Secrets.</summary>
internal static class OpenSshPrivateKeyFormat
{
    private const string Begin = "-----BEGIN OPENSSH PRIVATE KEY-----";
    private const string End = "-----END OPENSSH PRIVATE KEY-----";
    private const int LineLength = 70;

    /// <summary>The block size that padding fills when there is no cipher.</summary>
    private const int PaddingBlock = 8;

    private static ReadOnlySpan<byte> Magic => "openssh-key-v1\0"u8;

    public static SshPrivateKey Parse(string text)
    {
        var begin = text.IndexOf(Begin, StringComparison.Ordinal);
        var end = begin < 0 ? -1 : text.IndexOf(End, begin + Begin.Length, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new SshFormatException("Not an OpenSSH private key. 'ssh-keygen -p -N \"\" -f FILE' rewrites an older format.");
        }

        var body = text[(begin + Begin.Length)..end];
        byte[] decoded;
        try
        {
            decoded = Convert.FromBase64String(body);
        }
        catch (FormatException e)
        {
            throw new SshFormatException("The private key is not valid base64.", e);
        }

        try
        {
            return Read(decoded);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded);
        }
    }

    public static string Format(SshPrivateKey key, string comment)
    {
        var secret = new SshWriter(4096);
        Span<byte> check = stackalloc byte[sizeof(uint)];
        RandomNumberGenerator.Fill(check);
        secret.WriteRaw(check);
        secret.WriteRaw(check);
        secret.WriteString(key.PublicKey.KeyType);
        key.WritePrivateFields(secret);
        secret.WriteString(comment);
        for (byte padding = 1; secret.WrittenSpan.Length % PaddingBlock != 0; padding++)
        {
            secret.WriteByte(padding);
        }

        var file = new SshWriter(4096);
        file.WriteRaw(Magic);
        file.WriteString("none");
        file.WriteString("none");
        file.WriteString([]);
        file.WriteUInt32(1);
        file.WriteString(key.PublicKey.Blob.Span);
        file.WriteString(secret.WrittenSpan);
        var encoded = Convert.ToBase64String(file.WrittenSpan);
        secret.Erase();
        file.Erase();

        var text = new StringBuilder().Append(Begin).Append('\n');
        foreach (var line in encoded.Chunk(LineLength))
        {
            text.Append(line).Append('\n');
        }

        return text.Append(End).Append('\n').ToString();
    }

    private static SshPrivateKey Read(ReadOnlySpan<byte> file)
    {
        if (!file.StartsWith(Magic))
        {
            throw new SshFormatException("Not an OpenSSH private key: the magic is missing.");
        }

        var reader = new SshReader(file[Magic.Length..]);
        var cipher = reader.ReadName();
        reader.ReadName();
        reader.ReadString();
        if (cipher != "none")
        {
            throw new SshFormatException("The private key has a passphrase. 'ssh-keygen -p -N \"\" -f FILE' removes it from a copy.");
        }

        if (reader.ReadUInt32() != 1)
        {
            throw new SshFormatException("A private key file must hold exactly one key.");
        }

        var publicKey = SshPublicKey.Parse(reader.ReadString());
        var secret = reader.ReadString();
        reader.ExpectEnd();
        var key = ReadSecret(secret);
        return key.PublicKey.Equals(publicKey)
            ? key
            : throw new SshFormatException("The public half in a private key file belongs to another key.");
    }

    private static SshPrivateKey ReadSecret(ReadOnlySpan<byte> secret)
    {
        var reader = new SshReader(secret);
        if (reader.ReadUInt32() != reader.ReadUInt32())
        {
            throw new SshFormatException("The private key is damaged: its check numbers differ.");
        }

        var type = reader.ReadName();
        SshPrivateKey key = type switch
        {
            KeyTypes.Ed25519 => Ed25519PrivateKey.Read(ref reader),
            KeyTypes.Rsa => RsaPrivateKey.Read(ref reader),
            KeyTypes.EcdsaNistP256 or KeyTypes.EcdsaNistP384 or KeyTypes.EcdsaNistP521 => EcdsaPrivateKey.Read(ref reader, type),
            _ => throw new SshFormatException($"Private keys of type '{type}' are not supported; use ssh-ed25519, ECDSA or RSA."),
        };
        reader.ReadString();
        for (var i = 0; i < reader.Remaining.Length; i++)
        {
            if (reader.Remaining[i] != i + 1)
            {
                throw new SshFormatException("The private key is damaged: its padding is wrong.");
            }
        }

        return key;
    }
}

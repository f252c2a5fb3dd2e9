using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Keys;

/// <summary>A private key that can sign: a host key, a user's key or a certificate authority's. Immutable and thread-safe.</summary>
public abstract class SshPrivateKey
{
    /// <summary>Files longer than this are not private keys.</summary>
    private const int MaxFileLength = 64 * 1024;

    private protected SshPrivateKey(SshPublicKey publicKey) => PublicKey = publicKey;

    /// <summary>The public half.</summary>
    public SshPublicKey PublicKey { get; }

    /// <summary>Makes a new Ed25519 key.</summary>
    public static SshPrivateKey GenerateEd25519() => Ed25519PrivateKey.Generate();

    /// <summary>Reads a private key file in OpenSSH's format, without passphrase.</summary>
    /// <exception cref="SshFormatException">The file is something else; the message names the file and says what to do.</exception>
    public static SshPrivateKey ReadFile(string path)
    {
        if (new FileInfo(path).Length > MaxFileLength)
        {
            throw new SshFormatException($"{path} is too long to be a private key.");
        }

        try
        {
            return Parse(File.ReadAllText(path));
        }
        catch (SshFormatException e)
        {
            throw new SshFormatException($"{path}: {e.Message}", e);
        }
    }

    /// <summary>Parses the text of a private key file in OpenSSH's format, without passphrase.</summary>
    /// <exception cref="SshFormatException">The text is something else.</exception>
    public static SshPrivateKey Parse(string text) => OpenSshPrivateKeyFormat.Parse(text);

    /// <summary>The key as the text of a private key file in OpenSSH's format, without passphrase. Keep it secret.</summary>
    public string ToOpenSshFormat(string comment = "") => OpenSshPrivateKeyFormat.Format(this, comment);

    /// <summary>Signs data and returns the encoded signature: algorithm name and signature (RFC 4253 section 6.6).</summary>
    /// <param name="algorithm">One of the public key's <see cref="SshPublicKey.SignatureAlgorithms"/>.</param>
    /// <param name="data">What to sign.</param>
    public byte[] Sign(string algorithm, ReadOnlySpan<byte> data)
    {
        if (!PublicKey.SignatureAlgorithms.Contains(algorithm))
        {
            throw new ArgumentException($"A key of type {PublicKey.KeyType} cannot sign with {algorithm}.", nameof(algorithm));
        }

        var writer = new SshWriter();
        writer.WriteString(algorithm);
        writer.WriteString(SignCore(algorithm, data));
        return writer.ToArray();
    }

    private protected abstract byte[] SignCore(string algorithm, ReadOnlySpan<byte> data);

    /// <summary>Writes the fields of the key in an openssh-key-v1 file, after its type.</summary>
    internal abstract void WritePrivateFields(SshWriter writer);
}

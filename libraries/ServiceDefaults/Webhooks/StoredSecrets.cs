using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>
/// Encrypts the secrets that sign webhooks where they are stored: AES-256-GCM (NIST SP 800-38D) with keys of the file
/// <see cref="WebhookOptions.SecretsKeyFile"/>. The file's first key encrypts, each of them decrypts: by a file with the new key first, secrets
/// move to it. What is encrypted belongs to its owner, an id: put into another row it does not decrypt.
/// </summary>
public sealed class StoredSecrets
{
    private const string Setting = $"{WebhookOptions.Section}:{nameof(WebhookOptions.SecretsKeyFile)}";
    private const string HowToMake = "Make one with 'openssl rand -base64 32', and keep a copy: without it, what it encrypted is lost.";
    private const string Prefix = "aes256gcm";
    private const int KeyLength = 32;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int IdLength = 8;

    private readonly Dictionary<string, byte[]> _keys = [];

    /// <summary>Reads the keys.</summary>
    /// <exception cref="InvalidOperationException">There is no file, or it has something else in it; the message says what to do.</exception>
    public StoredSecrets(IOptions<WebhookOptions> options)
    {
        var file = options.Value.SecretsKeyFile is { Length: > 0 } name
            ? name
            : throw new InvalidOperationException($"{Setting} is missing: the file with the key that secrets of webhooks are encrypted with where they are stored. {HowToMake}");
        string[] lines;
        try
        {
            lines = [.. File.ReadAllLines(file).Select(line => line.Trim()).Where(line => line.Length > 0)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidOperationException($"{Setting} ({file}) cannot be read: {e.Message} {HowToMake}", e);
        }

        foreach (var line in lines)
        {
            Add(line, file);
        }

        Current = lines.Length > 0 ? IdOf(Convert.FromBase64String(lines[0])) : throw new InvalidOperationException($"{Setting} ({file}) is empty. {HowToMake}");
    }

    /// <summary>Id of the key that encrypts: from the key itself, and tells nothing of it.</summary>
    public string Current { get; }

    /// <summary>Ids of the other keys.</summary>
    public IEnumerable<string> Others => _keys.Keys.Where(id => id != Current);

    /// <summary>Whether a text is encrypted with the current key.</summary>
    public bool IsCurrent(string stored) => KeyOf(stored) == Current;

    /// <summary>Whether there is the key for a text.</summary>
    public bool CanRead(string stored) => KeyOf(stored) is not { } id || _keys.ContainsKey(id);

    /// <summary>Encrypts a secret, for an owner.</summary>
    public string Protect(string secret, string owner)
    {
        var text = Encoding.UTF8.GetBytes(secret);
        var sealedText = new byte[NonceLength + text.Length + TagLength];
        var nonce = sealedText.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var key = new AesGcm(_keys[Current], TagLength); // one for each call: it is not for several threads at once
        key.Encrypt(nonce, text, sealedText.AsSpan(NonceLength, text.Length), sealedText.AsSpan(NonceLength + text.Length), Encoding.UTF8.GetBytes(owner));
        return $"{Prefix}.{Current}.{Base64Url.EncodeToString(sealedText)}";
    }

    /// <summary>Decrypts a secret of an owner. One that was stored before secrets were encrypted comes back as it is.</summary>
    /// <exception cref="InvalidOperationException">Its key is not there, or it was changed, or it belongs to another owner.</exception>
    public string Unprotect(string stored, string owner)
    {
        if (KeyOf(stored) is not { } id)
        {
            return stored;
        }

        if (!_keys.TryGetValue(id, out var bytes))
        {
            throw new InvalidOperationException(
                $"A secret of {owner} is encrypted with the key {id}, which {Setting} does not have. Put that key back as a further line, or rotate the secret.");
        }

        try
        {
            var sealedText = Base64Url.DecodeFromChars(stored.AsSpan(Prefix.Length + IdLength + 2));
            var text = new byte[sealedText.Length - NonceLength - TagLength];
            using var key = new AesGcm(bytes, TagLength);
            key.Decrypt(
                sealedText.AsSpan(0, NonceLength), sealedText.AsSpan(NonceLength, text.Length), sealedText.AsSpan(NonceLength + text.Length), text, Encoding.UTF8.GetBytes(owner));
            return Encoding.UTF8.GetString(text);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or OverflowException)
        {
            throw new InvalidOperationException($"A secret of {owner} is damaged, or was made for another: it does not decrypt. Rotate it.", e);
        }
    }

    private static string? KeyOf(string stored) => stored.Split('.') is [Prefix, { Length: IdLength } id, _] ? id : null;

    private static string IdOf(byte[] key) => Convert.ToHexStringLower(HMACSHA256.HashData(key, "key id"u8))[..IdLength];

    private void Add(string line, string file)
    {
        var key = new byte[KeyLength];
        if (!Convert.TryFromBase64String(line, key, out var length) || length != KeyLength)
        {
            throw new InvalidOperationException($"{Setting} ({file}) has a line that is not a key: 32 bytes in base64. {HowToMake}");
        }

        _keys.TryAdd(IdOf(key), key);
    }
}

namespace Workspaces.Ssh.Keys;

/// <summary>One line of an <c>authorized_keys</c> or <c>.pub</c> file: optional options, type, base64, optional comment (sshd(8), AUTHORIZED_KEYS FILE FORMAT).</summary>
public sealed class AuthorizedKey
{
    private const int MaxLineLength = 16 * 1024;

    private AuthorizedKey(IReadOnlyDictionary<string, string?> options, SshPublicKey key, string comment)
    {
        Options = options;
        Key = key;
        Comment = comment;
    }

    /// <summary>Options by lower-case name; the value is null for options without one.</summary>
    public IReadOnlyDictionary<string, string?> Options { get; }

    /// <summary>The key.</summary>
    public SshPublicKey Key { get; }

    /// <summary>What follows the key, or an empty text.</summary>
    public string Comment { get; }

    /// <summary>Parses one line.</summary>
    /// <exception cref="SshFormatException">The line is not a key line; the message says what is wrong.</exception>
    public static AuthorizedKey Parse(string line)
    {
        if (line.Length > MaxLineLength)
        {
            throw new SshFormatException($"A public key line is longer than {MaxLineLength} characters.");
        }

        var rest = line.AsSpan().Trim();
        if (rest.ContainsAny('\r', '\n'))
        {
            throw new SshFormatException("A public key is one line.");
        }

        var options = new Dictionary<string, string?>(StringComparer.Ordinal);
        var type = NextWord(rest);
        if (!IsKeyType(type))
        {
            rest = ReadOptions(rest, options);
            type = NextWord(rest);
        }

        if (!IsKeyType(type))
        {
            throw new SshFormatException("A public key line must look like 'ssh-ed25519 AAAA... comment'.");
        }

        rest = rest[type.Length..].TrimStart();
        var encoded = NextWord(rest);
        var blob = new byte[encoded.Length];
        if (encoded.IsEmpty || !Convert.TryFromBase64Chars(encoded, blob, out var length))
        {
            throw new SshFormatException("The key in a public key line is not valid base64.");
        }

        var key = SshPublicKey.Parse(blob.AsSpan(0, length));
        return type.SequenceEqual(key.KeyType)
            ? new(options, key, rest[encoded.Length..].Trim().ToString())
            : throw new SshFormatException($"A public key line says '{type}' but holds a key of type '{key.KeyType}'.");
    }

    private static bool IsKeyType(ReadOnlySpan<char> word) =>
        word.StartsWith("ssh-") || word.StartsWith("ecdsa-sha2-") || word.StartsWith("sk-ssh-") || word.StartsWith("sk-ecdsa-");

    private static ReadOnlySpan<char> NextWord(ReadOnlySpan<char> text)
    {
        var end = text.IndexOfAny(' ', '\t');
        return end < 0 ? text : text[..end];
    }

    /// <summary>Reads <c>name,name="value with \" and spaces"</c> up to the first blank outside quotes and returns what follows.</summary>
    private static ReadOnlySpan<char> ReadOptions(ReadOnlySpan<char> text, Dictionary<string, string?> options)
    {
        while (true)
        {
            var nameEnd = text.IndexOfAny("=, \t");
            var name = (nameEnd < 0 ? text : text[..nameEnd]).ToString().ToLowerInvariant();
            if (name.Length == 0 || nameEnd < 0)
            {
                throw new SshFormatException("A public key line must look like 'ssh-ed25519 AAAA... comment'.");
            }

            text = text[nameEnd..];
            string? value = null;
            if (text[0] == '=')
            {
                text = ReadQuoted(text[1..], out value);
            }

            options[name] = value;
            if (text.IsEmpty || text[0] is ' ' or '\t')
            {
                return text.TrimStart();
            }

            if (text[0] != ',')
            {
                throw new SshFormatException($"The option '{name}' of a public key line is not followed by a comma or a blank.");
            }

            text = text[1..];
        }
    }

    private static ReadOnlySpan<char> ReadQuoted(ReadOnlySpan<char> text, out string value)
    {
        if (text.IsEmpty || text[0] != '"')
        {
            throw new SshFormatException("The value of an option of a public key line must be in double quotes.");
        }

        var builder = new System.Text.StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == '"')
            {
                value = builder.ToString();
                return text[(i + 1)..];
            }

            if (text[i] == '\\' && i + 1 < text.Length && text[i + 1] == '"')
            {
                i++;
            }

            builder.Append(text[i]);
        }

        throw new SshFormatException("The value of an option of a public key line has no closing quote.");
    }
}

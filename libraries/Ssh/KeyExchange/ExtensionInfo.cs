using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.KeyExchange;

/// <summary>SSH_MSG_EXT_INFO (RFC 8308 section 2.3).</summary>
internal sealed class ExtensionInfo
{
    /// <summary>RFC 8308 section 3.1.</summary>
    public const string ServerSignatureAlgorithms = "server-sig-algs";

    /// <summary>OpenSSH PROTOCOL section 3.1: "0" where publickey-hostbound-v00@openssh.com is understood.</summary>
    public const string PublicKeyHostBound = "publickey-hostbound@openssh.com";

    /// <summary>OpenSSH PROTOCOL section 1.9: "0" where pings are answered.</summary>
    public const string Ping = "ping@openssh.com";

    private const int MaxExtensions = 64;

    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>The names in a value that is a list; null where the extension is absent.</summary>
    public string[]? List(string name) => _values.TryGetValue(name, out var value) ? value.Split(',') : null;

    public static ExtensionInfo Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new SshReader(payload);
        reader.ReadByte();
        var count = reader.ReadUInt32();
        if (count > MaxExtensions)
        {
            throw new SshFormatException($"{count} extensions are more than {MaxExtensions}.");
        }

        var info = new ExtensionInfo();
        for (var i = 0; i < count; i++)
        {
            var name = reader.ReadText();
            // Values may be binary (RFC 8308 section 2.5); those that matter here are text.
            info._values[name] = System.Text.Encoding.Latin1.GetString(reader.ReadString());
        }

        reader.ExpectEnd();
        return info;
    }

    public static ReadOnlyMemory<byte> Message(params (string Name, string Value)[] extensions)
    {
        var writer = SshWriter.Message(MessageNumber.ExtInfo);
        writer.WriteUInt32((uint)extensions.Length);
        foreach (var (name, value) in extensions)
        {
            writer.WriteString(name);
            writer.WriteString(value);
        }

        return writer.WrittenMemory;
    }
}

using System.Text;

namespace Workspaces.Ssh.Transport;

/// <summary>The line that each side begins with (RFC 4253 section 4.2): <c>SSH-2.0-softwareversion SP comments</c>.</summary>
public sealed class SshIdentification
{
    /// <summary>Including CR LF (RFC 4253 section 4.2).</summary>
    internal const int MaxLength = 255;

    private const string Version2 = "SSH-2.0-";

    /// <summary>Says "version 2, and compatible with 1" (RFC 4253 section 5.1); as good as 2.0.</summary>
    private const string Version199 = "SSH-1.99-";

    private SshIdentification(string line, string softwareVersion, string comments)
    {
        Line = line;
        SoftwareVersion = softwareVersion;
        Comments = comments;
    }

    /// <summary>The line without CR LF, as it enters the exchange hash.</summary>
    public string Line { get; }

    /// <summary>For instance <c>OpenSSH_9.2p1</c>.</summary>
    public string SoftwareVersion { get; }

    /// <summary>What follows the first blank, or an empty text.</summary>
    public string Comments { get; }

    /// <summary>Whether the peer switches on what it does for OpenSSH only, as it goes by this prefix.</summary>
    public bool IsOpenSsh => SoftwareVersion.StartsWith("OpenSSH_", StringComparison.Ordinal);

    /// <summary>Makes a line of one's own.</summary>
    public static SshIdentification Create(string softwareVersion, string comments = "")
    {
        var line = Version2 + softwareVersion + (comments.Length > 0 ? " " + comments : "");
        if (softwareVersion.Length == 0 || softwareVersion.AsSpan().ContainsAny('-', ' ') || line.Length + 2 > MaxLength
            || line.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"'{line}' is not an identification: printable US-ASCII, no blank or minus in the software version, at most {MaxLength} bytes.", nameof(softwareVersion));
        }

        return new(line, softwareVersion, comments);
    }

    /// <summary>Parses a peer's line without its line end.</summary>
    /// <exception cref="SshFormatException">Not an identification for version 2 of the protocol.</exception>
    public static SshIdentification Parse(ReadOnlySpan<byte> line)
    {
        // Minus and non-ASCII in the software version are forbidden but harmless; control characters would reach logs.
        if (line.ContainsAnyExceptInRange((byte)' ', (byte)'~'))
        {
            throw new SshFormatException("The identification contains bytes that are not printable US-ASCII.");
        }

        var text = Encoding.ASCII.GetString(line);
        var prefix = text.StartsWith(Version2, StringComparison.Ordinal) ? Version2
            : text.StartsWith(Version199, StringComparison.Ordinal) ? Version199
            : throw new SshFormatException("The peer does not speak version 2 of the SSH protocol.");
        var rest = text[prefix.Length..];
        var blank = rest.IndexOf(' ', StringComparison.Ordinal);
        return blank < 0 ? new(text, rest, "") : new(text, rest[..blank], rest[(blank + 1)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => Line;
}

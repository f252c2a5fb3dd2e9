using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Authentication;

/// <summary>SSH_MSG_USERAUTH_BANNER (RFC 4252 section 5.4).</summary>
internal static class Banner
{
    public static ReadOnlyMemory<byte> Message(string text)
    {
        var message = SshWriter.Message(MessageNumber.UserAuthBanner);
        var clean = PlainText.WithoutControls(text, keepLines: true).TrimEnd('\n') + "\n";
        message.WriteString(clean.Replace("\n", "\r\n", StringComparison.Ordinal));
        message.WriteString(""); // language tag
        return message.WrittenMemory;
    }
}

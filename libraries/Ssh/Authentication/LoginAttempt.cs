using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Ssh.Authentication;

/// <summary>A login with a verified signature, waiting for a decision.</summary>
public sealed class LoginAttempt
{
    internal LoginAttempt(SshConnection connection, string userName, PresentedKey key, SecurityKeyFlags securityKeyFlags)
    {
        Connection = connection;
        UserName = userName;
        Key = key;
        SecurityKeyFlags = securityKeyFlags;
    }

    /// <summary>The connection; do not read from it.</summary>
    public SshConnection Connection { get; }

    /// <summary>The login name as the client sent it.</summary>
    public string UserName { get; }

    /// <summary>The key whose signature was verified.</summary>
    public PresentedKey Key { get; }

    /// <summary>What a hardware key attested.</summary>
    public SecurityKeyFlags SecurityKeyFlags { get; }

    /// <summary>Shows the person a text, before login is over (RFC 4252 section 5.4). Lines end with <c>\n</c> here; a last one is added.</summary>
    /// <remarks>OpenSSH shows it at once. Control characters other than tabs and line ends are taken out.</remarks>
    public ValueTask SendBannerAsync(string text, CancellationToken cancellationToken) =>
        Connection.WritePacketAsync(Banner.Message(text), cancellationToken);

    /// <summary>Sends a message that means nothing, so that the client does not take the connection for dead (RFC 4253 section 11.2).</summary>
    public ValueTask SendKeepAliveAsync(CancellationToken cancellationToken)
    {
        var ignore = SshWriter.Message(MessageNumber.Ignore);
        ignore.WriteString([]);
        return Connection.WritePacketAsync(ignore.WrittenMemory, cancellationToken);
    }
}

using Workspaces.Ssh.Transport;

namespace Workspaces.Ssh.Authentication;

/// <summary>The server's side of authentication (RFC 4252).</summary>
public static class ServerAuthentication
{
    /// <summary>Lets a client log in. Returns after SUCCESS has been sent.</summary>
    /// <exception cref="SshAuthenticationException">The client did not log in; the connection has been ended and the message says why.</exception>
    /// <exception cref="SshDisconnectedException">The client left.</exception>
    /// <exception cref="SshProtocolException">The client violated the protocol.</exception>
    public static async ValueTask<AuthenticatedUser> AuthenticateAsync(
        SshConnection connection, IServerAuthenticator authenticator, ServerAuthenticationOptions options, CancellationToken cancellationToken)
    {
        using var session = new ServerAuthenticationSession(connection, authenticator, options);
        return await session.RunAsync(cancellationToken).ConfigureAwait(false);
    }
}

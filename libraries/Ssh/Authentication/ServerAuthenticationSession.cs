using Workspaces.Ssh.Transport;

namespace Workspaces.Ssh.Authentication;

internal sealed class ServerAuthenticationSession(SshConnection connection, IServerAuthenticator authenticator, ServerAuthenticationOptions options) : IAsyncDisposable
{
    public ValueTask<AuthenticatedUser> RunAsync(CancellationToken cancellationToken) => throw new NotSupportedException($"{connection}{authenticator}{options}");
    public ValueTask DisposeAsync() => default;
}

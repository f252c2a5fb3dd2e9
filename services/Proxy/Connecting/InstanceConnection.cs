using Microsoft.AspNetCore.Connections;
using Workspaces.Ssh.Transport;

namespace Workspaces.Proxy.Connecting;

/// <summary>Leg 2: an authenticated SSH connection to an instance, and the TCP connection under it.</summary>
public sealed class InstanceConnection(ConnectionContext transport, SshConnection ssh) : IAsyncDisposable
{
    /// <summary>The SSH connection.</summary>
    public SshConnection Ssh { get; } = ssh;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Ssh.DisposeAsync();
        await transport.DisposeAsync();
    }
}

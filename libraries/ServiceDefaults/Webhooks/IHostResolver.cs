using System.Net;

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>From a host's name to its addresses. Its answer is judged before it is used, so it may be anything.</summary>
public interface IHostResolver
{
    /// <summary>Addresses of a host. Throws <see cref="System.Net.Sockets.SocketException"/> where there are none.</summary>
    Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken);
}

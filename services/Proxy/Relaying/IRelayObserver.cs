using Workspaces.Contracts;

namespace Workspaces.Proxy.Relaying;

/// <summary>Learns what a session is used for. It sees; it decides nothing.</summary>
/// <remarks>Called one event after the other on a task of its own: it may wait and it may fail without holding the session up.</remarks>
public interface IRelayObserver
{
    /// <summary>The client asked for something: the kind, and its command, subsystem, <c>host:port</c> or path. Without control characters.</summary>
    ValueTask ChannelOpenedAsync(ChannelKind kind, string? detail);

    /// <summary>So many events came faster than the observer took them, and were dropped.</summary>
    ValueTask DroppedAsync(long count);
}

namespace Workspaces.Proxy.Routing;

/// <summary>A session counted on an instance, from picking it until the session ends.</summary>
public sealed class InstanceLease : IDisposable
{
    private Action? _release;

    internal InstanceLease(InstanceRoute route, int replicas, Action release)
    {
        Route = route;
        Replicas = replicas;
        _release = release;
    }

    /// <summary>The instance.</summary>
    public InstanceRoute Route { get; }

    /// <summary>How many instances there were to choose from.</summary>
    public int Replicas { get; }

    /// <inheritdoc/>
    public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
}

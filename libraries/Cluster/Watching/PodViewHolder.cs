namespace Workspaces.Cluster.Watching;

/// <summary>The view of whoever leads at the moment: each time the lease is taken, the watcher begins anew.</summary>
public sealed class PodViewHolder : IPodView
{
    private volatile IPodView? _current;

    /// <summary>The view in use.</summary>
    public IPodView Current
    {
        get => _current ?? throw new InvalidOperationException("Pods are looked at before the watcher has begun.");
        set => _current = value;
    }

    /// <inheritdoc/>
    public IReadOnlyList<SeenPod> Of(string workspaceId) => Current.Of(workspaceId);

    /// <inheritdoc/>
    public void Forget(IEnumerable<SeenPod> dealtWith) => Current.Forget(dealtWith);
}

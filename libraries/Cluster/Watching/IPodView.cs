namespace Workspaces.Cluster.Watching;

/// <summary>What the reconcile loop sees of pods.</summary>
public interface IPodView
{
    /// <summary>Pods that carry the workspace's id, gone ones included until <see cref="Forget"/>.</summary>
    IReadOnlyList<SeenPod> Of(string workspaceId);

    /// <summary>Drops those of the pods that are gone; they have been dealt with.</summary>
    void Forget(IEnumerable<SeenPod> dealtWith);
}

namespace Workspaces.Cluster.Reconciling;

/// <summary>Brings one workspace closer to what its record wants.</summary>
public interface IWorkspaceReconciler
{
    /// <summary>
    /// Decides from the record and what the cluster shows, never from what woke it up. May be cut off at any point and called again; is
    /// never called twice at once for one workspace. An exception means "not now": the loop logs it and calls again with back-off.
    /// </summary>
    Task<ReconcileResult> ReconcileAsync(string workspaceId, CancellationToken cancellation);
}

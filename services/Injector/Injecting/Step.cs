using Workspaces.Cluster.Records;
using Workspaces.Cluster.Reconciling;

namespace Workspaces.Injector.Injecting;

/// <summary>What one step of a reconcile pass led to: another record to store, or the same one and when to look again.</summary>
internal readonly record struct Step(WorkspaceRecord Record, TimeSpan? LookAgainAfter = null)
{
    public ReconcileResult Result => new(LookAgainAfter);
}

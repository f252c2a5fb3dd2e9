using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;

namespace Workspaces.Provisioner.Standalone;

/// <summary>What a step led to: the next record (the same one where nothing changed), and when to look again.</summary>
internal readonly record struct Step(WorkspaceRecord Record, TimeSpan? LookAgainAfter = null)
{
    public ReconcileResult Result => new(LookAgainAfter);
}

using Workspaces.Contracts;

namespace Workspaces.Requests.Workspaces;

/// <summary>
/// Decides whether what a worker reports is news. Reports may come twice, late, and in any order; appended is only what changes
/// the state, so that a stream tells the story once. Pure.
/// </summary>
public static class FactDecider
{
    /// <summary>Whether <paramref name="fact"/> belongs into the stream of <paramref name="workspace"/>.</summary>
    public static bool IsNews(Workspace workspace, IWorkspaceScopedEvent fact) => fact switch
    {
        _ when workspace.IsDeleted => false,

        // Instances are not bound to the newest generation: those of an older one are up until they are down.
        InstanceUp up => up.Generation > workspace.TornDown && !workspace.Gone.Contains(up.InstanceId) && !IsUp(workspace, up.InstanceId),
        InstanceDown down => !workspace.Gone.Contains(down.InstanceId),

        // The lifecycle is: only the generation that was asked for last counts.
        _ when fact.Generation != workspace.Generation => false,
        WorkspaceProgressed progressed => IsRising(workspace) && IsNewer(workspace, progressed),
        WorkspaceReady => IsRising(workspace),
        WorkspaceFailed => IsRising(workspace) || workspace.State is WorkspaceState.Ready or WorkspaceState.Stopping or WorkspaceState.Deleting,
        WorkspaceStopped => workspace.Desired is DesiredState.Stopped && workspace.State is not WorkspaceState.Stopped,
        WorkspaceDeleted => workspace.Desired is DesiredState.Deleted,
        _ => throw new ArgumentException($"{fact.GetType().Name} is not a report about a workspace.", nameof(fact)),
    };

    /// <summary>On its way up. Ready and Failed end that within a generation, so progress that comes after them is late.</summary>
    private static bool IsRising(Workspace workspace) =>
        workspace.Desired is DesiredState.Running && workspace.State is (WorkspaceState.Requested or WorkspaceState.Starting);

    /// <summary>Times of facts from the cluster have whole seconds; within one, the order of stages decides.</summary>
    private static bool IsNewer(Workspace workspace, WorkspaceProgressed progressed) =>
        workspace.StageAt is not { } at || progressed.OccurredAt > at || (progressed.OccurredAt == at && progressed.Stage > workspace.Stage);

    private static bool IsUp(Workspace workspace, Guid instance) => workspace.Instances.Any(up => up.InstanceId == instance);
}

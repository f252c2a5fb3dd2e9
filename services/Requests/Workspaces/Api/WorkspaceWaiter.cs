using Workspaces.Contracts;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>Waits with a client until its workspace is ready, or until it is clear that it will not be.</summary>
public sealed class WorkspaceWaiter(WorkspaceStore workspaces, WorkspaceChanges changes, TimeProvider clock)
{
    /// <summary>The workspace as it is when waiting ends.</summary>
    public async Task<Workspace> WaitAsync(Workspace workspace, TimeSpan wait, CancellationToken cancellationToken)
    {
        var end = clock.GetUtcNow() + wait;
        while (true)
        {
            var change = changes.NextAsync(workspace.Id);
            workspace = await workspaces.FindAsync(workspace.Id, cancellationToken) ?? workspace;
            var left = end - clock.GetUtcNow();
            if (!IsComingUp(workspace) || left <= TimeSpan.Zero)
            {
                return workspace;
            }

            await WorkspaceChanges.WaitAsync(change, left, cancellationToken);
        }
    }

    private static bool IsComingUp(Workspace workspace) =>
        workspace.Desired is DesiredState.Running && workspace.State is WorkspaceState.Requested or WorkspaceState.Starting;
}

using Workspaces.Contracts;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Workspaces;

namespace Workspaces.Requests.Lifetimes;

/// <summary>When a workspace is stopped for want of use. Pure.</summary>
public static class IdlePolicy
{
    /// <summary>The time, or null where it does not stop by itself: not ready, or its blueprint does not say so.</summary>
    public static DateTimeOffset? StopAt(Workspace workspace, DateTimeOffset? lastUsedAt)
    {
        if (workspace.State is not WorkspaceState.Ready || workspace.ReadyAt is not { } readyAt
            || workspace.Blueprint.Lifetime?.IdleStop is not { } text || !Duration.TryParse(text, out var idleStop))
        {
            return null;
        }

        return (lastUsedAt > readyAt ? lastUsedAt.Value : readyAt) + idleStop;
    }
}

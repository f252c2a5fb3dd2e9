namespace Workspaces.Contracts;

/// <summary>An event that concerns one workspace.</summary>
public interface IWorkspaceScopedEvent : IWorkspaceEvent
{
    /// <summary>Id of the workspace, lower-case base32, at most 10 characters, see <see cref="Contracts.WorkspaceId"/>.</summary>
    string WorkspaceId { get; }

    /// <summary>
    /// The change of desired state that this event belongs to: 1 for the request, +1 for each start, stop or deletion after it.
    /// Consumers ignore lifecycle events of an older generation than they have seen.
    /// </summary>
    long Generation { get; }
}

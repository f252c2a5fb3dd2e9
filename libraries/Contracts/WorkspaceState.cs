namespace Workspaces.Contracts;

/// <summary>State of a workspace, as the HTTP API shows it.</summary>
public enum WorkspaceState
{
    /// <summary>Stored; its worker has not reported yet.</summary>
    Requested,

    /// <summary>Coming up.</summary>
    Starting,

    /// <summary>Usable.</summary>
    Ready,

    /// <summary>Asked to stop; not stopped yet.</summary>
    Stopping,

    /// <summary>Only its storage is left; it can be started.</summary>
    Stopped,

    /// <summary>Could not come up; it can be started again or deleted.</summary>
    Failed,

    /// <summary>Asked to be deleted; not gone yet.</summary>
    Deleting,
}

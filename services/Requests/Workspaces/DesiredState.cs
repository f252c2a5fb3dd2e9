namespace Workspaces.Requests.Workspaces;

/// <summary>What was asked for last.</summary>
public enum DesiredState
{
    /// <summary>It shall run.</summary>
    Running,

    /// <summary>Its storage shall stay, nothing else.</summary>
    Stopped,

    /// <summary>It shall be gone.</summary>
    Deleted,
}

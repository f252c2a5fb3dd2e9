namespace Workspaces.Cluster.Records;

/// <summary>What the newest command asks for.</summary>
public enum DesiredState
{
    /// <summary>The workspace runs.</summary>
    Running,

    /// <summary>Only its storage is there.</summary>
    Stopped,

    /// <summary>Nothing is there but what its blueprint retains.</summary>
    Deleted,
}

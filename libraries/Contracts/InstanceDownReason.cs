namespace Workspaces.Contracts;

/// <summary>Why an instance went down.</summary>
public enum InstanceDownReason
{
    /// <summary>Its pod is being deleted: scaled down, replaced, stopped.</summary>
    Terminating,

    /// <summary>The workspace container ended by itself.</summary>
    Crashed,

    /// <summary>The cluster evicted its pod.</summary>
    Evicted,

    /// <summary>The workspace was taken out of a workload that lives on.</summary>
    Ejected,

    /// <summary>Its node is gone, and the pod was deleted with it.</summary>
    NodeLost,

    /// <summary>It was gone when the watcher looked again; nobody saw how.</summary>
    Vanished,
}

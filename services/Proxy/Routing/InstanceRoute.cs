using Workspaces.Contracts;

namespace Workspaces.Proxy.Routing;

/// <summary>What is needed to reach an instance, as its replica watcher announced it.</summary>
/// <param name="Announcement">The announcement.</param>
public sealed record InstanceRoute(InstanceUp Announcement)
{
    /// <summary>Identity of this run of the workspace container.</summary>
    public Guid Id => Announcement.InstanceId;

    /// <summary>Workspace it belongs to.</summary>
    public string WorkspaceId => Announcement.WorkspaceId;

    /// <summary>Name of its pod.</summary>
    public string Pod => Announcement.Pod.Name;

    /// <summary>Ordinal or suffix.</summary>
    public string Replica => Announcement.Replica;

    /// <summary>Name of the node that its pod runs on.</summary>
    public string Node => Announcement.Pod.Node;

    /// <summary>Whether its workload runs one pod on each node.</summary>
    public bool IsOnePerNode => Announcement.Workload.Kind == "DaemonSet";
}

using System.Text.Json.Nodes;

namespace Workspaces.Cluster.Rendering;

/// <summary>The objects of a standalone workspace, in the order in which they are applied. Claims and the Secret are made apart, once.</summary>
public sealed record StandaloneObjects
{
    /// <summary>Identity of the pod; no token of it is ever mounted.</summary>
    public required JsonObject ServiceAccount { get; init; }

    /// <summary>User CA, banner and files.</summary>
    public required JsonObject ConfigMap { get; init; }

    /// <summary>Who may reach the pod and what it may reach; absent where the blueprint leaves that to the namespace.</summary>
    public JsonObject? NetworkPolicy { get; init; }

    /// <summary>Headless Service that gives the pod its name.</summary>
    public required JsonObject Service { get; init; }

    /// <summary>The workload: one replica, or none when stopped.</summary>
    public required JsonObject StatefulSet { get; init; }

    /// <summary>All of them, the workload last, so that a pod never starts before what it mounts.</summary>
    public IReadOnlyList<JsonObject> InOrder() =>
        NetworkPolicy is null
            ? [ServiceAccount, ConfigMap, Service, StatefulSet]
            : [ServiceAccount, ConfigMap, NetworkPolicy, Service, StatefulSet];
}

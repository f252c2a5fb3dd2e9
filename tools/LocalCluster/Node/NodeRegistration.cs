using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Node.Networking;

namespace Workspaces.LocalCluster.Node;

/// <summary>
/// Keeps the node's object and its heartbeat lease in the API, as a kubelet does (https://kubernetes.io/docs/concepts/architecture/leases/#node-heart-beats): the lease
/// often, the status when it changes and otherwise rarely.
/// </summary>
internal sealed class NodeRegistration(
    NodeOptions options, IClusterApi api, NodeNetwork network, NodeStatus status, FaultSwitches faults, TimeProvider time, ILogger log)
{
    private const string FieldManager = "kubelet";
    private const string LeaseNamespace = "kube-node-lease";

    private static readonly TimeSpan StatusInterval = TimeSpan.FromMinutes(5);

    private DateTime _nextStatus;

    /// <summary>Makes or renews the node object, ready.</summary>
    public async Task RegisterAsync(CancellationToken ct)
    {
        if (api.Get(ResourceTypes.Nodes, null, options.Name) is not { } node)
        {
            node = await api.CreateAsync(ResourceTypes.Nodes, null, NewNode(), FieldManager, ct);
        }

        await WriteStatusAsync(node, ct);
        await RenewLeaseAsync(node, ct);
    }

    /// <summary>Renews the lease until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(options.LeaseDuration / 4, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            await faults.PassAsync(ct);
            try
            {
                await RegisterAsync(ct);
            }
            catch (ApiStatusException e)
            {
                NodeLog.HeartbeatFailed(log, e);
            }
        }
    }

    private static bool IsReady(JsonObject node) => node.Objects("status", "conditions").Any(condition => condition.Text("type") == "Ready" && condition.Text("status") == "True");

    /// <summary>What counts as a change: everything but the times of the heartbeats.</summary>
    private static JsonNode? WithoutTimes(JsonNode? status)
    {
        var copy = status?.DeepClone();
        foreach (var condition in copy.Objects("conditions"))
        {
            condition.Remove("lastHeartbeatTime");
            condition.Remove("lastTransitionTime");
        }

        return copy;
    }

    private JsonObject NewNode() => KubernetesModel.ToJson(new V1Node
    {
        ApiVersion = "v1",
        Kind = "Node",
        Metadata = new V1ObjectMeta
        {
            Name = options.Name,
            Labels = new Dictionary<string, string>
            {
                ["beta.kubernetes.io/arch"] = NodeStatus.Architecture(),
                ["beta.kubernetes.io/os"] = "linux",
                ["kubernetes.io/arch"] = NodeStatus.Architecture(),
                ["kubernetes.io/hostname"] = options.Name,
                ["kubernetes.io/os"] = "linux",
                ["node-role.kubernetes.io/control-plane"] = "",
            },
        },
        Spec = new V1NodeSpec { PodCIDR = network.Subnet.ToString(), PodCIDRs = [network.Subnet.ToString()] },
    });

    private async Task WriteStatusAsync(JsonObject node, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var json = KubernetesModel.ToJson(status.Build(node.To<V1Node>().Status, now));
        var before = node["status"];
        if (now < _nextStatus && JsonNode.DeepEquals(WithoutTimes(json), WithoutTimes(before)))
        {
            return;
        }

        var wasReady = IsReady(node);
        node["status"] = json;
        try
        {
            await api.UpdateAsync(ResourceTypes.Nodes, node, FieldManager, "status", ct);
            _nextStatus = now + StatusInterval;
        }
        catch (ApiStatusException e) when (e.IsConflict)
        {
            // Someone labelled the node meanwhile; the next heartbeat writes the status.
            return;
        }

        if (!wasReady)
        {
            api.RecordEvent(node, "Normal", "NodeReady", $"Node {options.Name} status is now: NodeReady", FieldManager);
        }
    }

    private async Task RenewLeaseAsync(JsonObject node, CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (api.Get(ResourceTypes.Leases, LeaseNamespace, options.Name) is { } lease)
        {
            lease["spec"]!["renewTime"] = now.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
            await api.UpdateAsync(ResourceTypes.Leases, lease, FieldManager, ct: ct);
            return;
        }

        await api.CreateAsync(ResourceTypes.Leases, LeaseNamespace, KubernetesModel.ToJson(new V1Lease
        {
            ApiVersion = "coordination.k8s.io/v1",
            Kind = "Lease",
            Metadata = new V1ObjectMeta
            {
                Name = options.Name,
                NamespaceProperty = LeaseNamespace,
                OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Node", Name = options.Name, Uid = node.Text("metadata", "uid") }],
            },
            Spec = new V1LeaseSpec { HolderIdentity = options.Name, LeaseDurationSeconds = (int)Math.Ceiling(options.LeaseDuration.TotalSeconds), RenewTime = now },
        }), FieldManager, ct);
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Nodes;

/// <summary>
/// Watches over nodes as the node controller does (https://kubernetes.io/docs/concepts/architecture/nodes/#node-controller): one that shows no sign of life for the grace
/// period becomes Unknown, its pods not ready; taints follow its state. What the taints do to pods is <see cref="TaintEvictionReconciler"/>'s.
/// </summary>
internal sealed class NodeHealthReconciler(IClusterApi api, TimeSpan gracePeriod, TimeProvider time) : IReconciler
{
    private const string Component = "node-controller";
    private const string LeaseNamespace = "kube-node-lease";

    private static readonly string[] Conditions = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

    private readonly ConcurrentDictionary<string, (string Sign, DateTimeOffset SeenAt)> _signs = new(StringComparer.Ordinal);

    public ResourceType Type => ResourceTypes.Nodes;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Leases];

    public IEnumerable<ObjectKey> Concerned(StoredObject changed) => changed.Namespace == LeaseNamespace ? [new ObjectKey("", changed.Name)] : [];

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (api.Get(Type, null, key.Name) is not { } node)
        {
            _signs.TryRemove(key.Name, out _);
            return null;
        }

        var now = time.GetUtcNow();
        if (!_signs.ContainsKey(key.Name))
        {
            api.RecordEvent(node, "Normal", "RegisteredNode", $"Node {key.Name} event: Registered Node {key.Name} in Controller", Component);
        }

        var sign = SignOfLife(node);
        var seen = _signs.AddOrUpdate(key.Name, _ => (sign, now), (_, last) => last.Sign == sign ? last : (sign, now)).SeenAt;
        if (now - seen > gracePeriod)
        {
            node = await MarkUnknownAsync(node, now, ct);
        }

        if (NodeTaints.Apply(node, now))
        {
            await api.UpdateAsync(Type, node, Component, ct: ct);
        }

        // A moment later than the end, because not until after it is the time over.
        return seen + gracePeriod > now ? seen + gracePeriod - now + TimeSpan.FromMilliseconds(10) : null;
    }

    private static JsonObject? Find(JsonObject obj, string type) => obj.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == type);

    private static string Stamp(DateTimeOffset now) => now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>What changes with every heartbeat. The times are those of the node's clock and are only compared with each other.</summary>
    private string SignOfLife(JsonObject node)
    {
        var renewed = api.Get(ResourceTypes.Leases, LeaseNamespace, node.Text("metadata", "name")!).Text("spec", "renewTime");
        var heartbeats = node.Objects("status", "conditions").Where(condition => condition.Text("status") != "Unknown").Select(condition => condition.Text("lastHeartbeatTime"));
        return $"{renewed} {string.Join(' ', heartbeats.Distinct())}";
    }

    private async Task<JsonObject> MarkUnknownAsync(JsonObject node, DateTimeOffset now, CancellationToken ct)
    {
        var wasReady = Find(node, "Ready").Text("status") == "True";
        var changed = false;
        foreach (var type in Conditions)
        {
            if (Find(node, type) is not { } condition)
            {
                condition = new JsonObject { ["type"] = type, ["lastHeartbeatTime"] = node.Text("metadata", "creationTimestamp") };
                var status = node.Ensure("status");
                if (status["conditions"] is not JsonArray list)
                {
                    status["conditions"] = list = [];
                }

                list.Add(condition);
                (condition["reason"], condition["message"]) = ("NodeStatusNeverUpdated", "Kubelet never posted node status.");
            }
            else if (condition.Text("status") == "Unknown")
            {
                continue;
            }
            else
            {
                (condition["reason"], condition["message"]) = ("NodeStatusUnknown", "Kubelet stopped posting node status.");
            }

            condition["status"] = "Unknown";
            condition["lastTransitionTime"] = Stamp(now);
            changed = true;
        }

        if (!changed)
        {
            return node;
        }

        var written = await api.UpdateAsync(Type, node, Component, "status", ct);
        var sign = SignOfLife(written);
        _signs.AddOrUpdate(written.Text("metadata", "name")!, _ => (sign, now), (_, last) => (sign, last.SeenAt));
        if (wasReady)
        {
            var name = node.Text("metadata", "name")!;
            api.RecordEvent(written, "Normal", "NodeNotReady", $"Node {name} status is now: NodeNotReady", Component);
            await MarkPodsAsync(name, now, ct);
        }

        return written;
    }

    /// <summary>Pods of a node that nobody hears of are not ready, so that Services leave them out.</summary>
    private async Task MarkPodsAsync(string node, DateTimeOffset now, CancellationToken ct)
    {
        foreach (var pod in api.List(ResourceTypes.Pods).Items.Where(pod => pod.Text("spec", "nodeName") == node))
        {
            if (Find(pod, "Ready") is not { } ready || ready.Text("status") != "True")
            {
                continue;
            }

            ready["status"] = "False";
            ready["lastTransitionTime"] = Stamp(now);
            try
            {
                await api.UpdateAsync(ResourceTypes.Pods, pod, Component, "status", ct);
                api.RecordEvent(pod, "Warning", "NodeNotReady", "Node is not ready", Component);
            }
            catch (ApiStatusException e) when (e.IsNotFound || e.IsConflict)
            {
                // The pod has gone, or somebody knows better than what was read.
            }
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Nodes;

/// <summary>
/// Deletes pods from nodes with NoExecute taints: those that do not tolerate them at once, those that tolerate them for a time when it is over
/// (https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/#taint-based-evictions).
/// </summary>
internal sealed class TaintEvictionReconciler(IClusterApi api, TimeProvider time) : IReconciler
{
    private const string Component = "taint-eviction-controller";

    private readonly ConcurrentDictionary<string, IReadOnlyList<V1Taint>> _tainted = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<ObjectKey, (string? Uid, DateTimeOffset Since)> _waiting = new();

    public ResourceType Type => ResourceTypes.Pods;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Nodes];

    /// <summary>Most changes of nodes are none of their taints, and concern nobody.</summary>
    public IEnumerable<ObjectKey> Concerned(StoredObject changed)
    {
        var name = changed.Name;
        IReadOnlyList<V1Taint> taints = [.. changed.Json.Objects("spec", "taints").Select(taint => taint.To<V1Taint>()).Where(taint => taint.Effect == "NoExecute")];
        var before = _tainted.TryGetValue(name, out var known) ? known : [];
        if (before.Select(Text).SequenceEqual(taints.Select(Text)))
        {
            return [];
        }

        if (taints.Count == 0)
        {
            _tainted.TryRemove(name, out _);
        }
        else
        {
            _tainted[name] = taints;
        }

        return api.List(ResourceTypes.Pods).Items.Where(pod => pod.Text("spec", "nodeName") == name).Select(ObjectKey.Of);
    }

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (_tainted.IsEmpty && _waiting.IsEmpty)
        {
            return null;
        }

        if (api.Get(Type, key.Namespace, key.Name) is not { } json || json.At("metadata", "deletionTimestamp") is not null)
        {
            _waiting.TryRemove(key, out _);
            return null;
        }

        var pod = json.To<V1Pod>();
        if (pod.Spec.NodeName is null || !_tainted.TryGetValue(pod.Spec.NodeName, out var taints) || Tolerance(pod, taints) is not { } tolerance)
        {
            if (_waiting.TryRemove(key, out _))
            {
                api.RecordEvent(json, "Normal", "TaintManagerEviction", $"Cancelling deletion of Pod {key}", Component);
            }

            return null;
        }

        var now = time.GetUtcNow();
        var (_, since) = _waiting.AddOrUpdate(key, _ => (pod.Metadata.Uid, now), (_, last) => last.Uid == pod.Metadata.Uid ? last : (pod.Metadata.Uid, now));
        if (since + tolerance > now)
        {
            return since + tolerance - now;
        }

        await DeleteAsync(json, key, now, ct);
        _waiting.TryRemove(key, out _);
        return null;
    }

    private static string Text(V1Taint taint) => $"{taint.Key}={taint.Value}";

    /// <summary>How long the pod stays in spite of the taints; null: for ever.</summary>
    private static TimeSpan? Tolerance(V1Pod pod, IReadOnlyList<V1Taint> taints)
    {
        TimeSpan? least = null;
        foreach (var taint in taints)
        {
            var tolerations = (pod.Spec.Tolerations ?? []).Where(toleration => Tolerates(toleration, taint)).ToList();
            if (tolerations.Count == 0)
            {
                return TimeSpan.Zero;
            }

            foreach (var seconds in tolerations.Select(toleration => toleration.TolerationSeconds).OfType<long>())
            {
                var limit = TimeSpan.FromSeconds(Math.Max(0, seconds));
                least = least is null || limit < least ? limit : least;
            }
        }

        return least;
    }

    private static bool Tolerates(V1Toleration toleration, V1Taint taint) =>
        (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
        && (toleration.OperatorProperty == "Exists"
            ? string.IsNullOrEmpty(toleration.Key) || toleration.Key == taint.Key
            : toleration.Key == taint.Key && (toleration.Value ?? "") == (taint.Value ?? ""));

    private async Task DeleteAsync(JsonObject pod, ObjectKey key, DateTimeOffset now, CancellationToken ct)
    {
        api.RecordEvent(pod, "Normal", "TaintManagerEviction", $"Marking for deletion Pod {key}", Component);
        var status = pod.Ensure("status");
        var others = status.Objects("conditions").Where(condition => condition.Text("type") != "DisruptionTarget").Select(condition => condition.DeepClone());
        status["conditions"] = new JsonArray([.. others, new JsonObject
        {
            ["type"] = "DisruptionTarget",
            ["status"] = "True",
            ["reason"] = "DeletionByTaintManager",
            ["message"] = "Taint manager: deleting due to NoExecute taint",
            ["lastTransitionTime"] = now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
        }]);
        try
        {
            await api.UpdateAsync(Type, pod, Component, "status", ct);
            await api.DeleteAsync(Type, key.Namespace, key.Name, new DeleteOptions { PreconditionUid = pod.Text("metadata", "uid") }, ct);
        }
        catch (ApiStatusException e) when (e.IsNotFound)
        {
            // Somebody else was first.
        }
    }
}

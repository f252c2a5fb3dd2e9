using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Pods;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Node.Scheduling;

/// <summary>
/// Gives every pod without a node the only node there is, if the pod can run there; otherwise says why not, as the real
/// scheduler does, and tries again when something changes.
/// </summary>
internal sealed class PodScheduler(IClusterApi api, string nodeName, TimeProvider time, ILogger log)
{
    private const string Component = "default-scheduler";

    private readonly WakeSignal _wake = new();
    private readonly ConcurrentDictionary<string, V1Pod> _waiting = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, V1Pod> _placed = new(StringComparer.Ordinal);

    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
        ResourceWatcher.RunAsync(api, ResourceTypes.Pods, Relist, change => Note(change.Object, change.Type == WatchEvent.Deleted), log, ct),
        WakeOnAsync(ResourceTypes.PersistentVolumeClaims, ct), WakeOnAsync(ResourceTypes.Nodes, ct), LoopAsync(ct));

    private static bool IsWaiting(JsonObject pod) =>
        string.IsNullOrEmpty(pod.Text("spec", "nodeName")) && pod.At("metadata", "deletionTimestamp") is null && !HasEnded(pod)
        && pod.Text("spec", "schedulerName") is null or "" or Component && !pod.Objects("spec", "schedulingGates").Any();

    private static bool HasEnded(JsonObject pod) => pod.Text("status", "phase") is "Succeeded" or "Failed";

    private Task WakeOnAsync(ResourceType type, CancellationToken ct) => ResourceWatcher.RunAsync(api, type, _ => Wake(), _ => Wake(), log, ct);

    private void Wake()
    {
        if (!_waiting.IsEmpty)
        {
            _wake.Set();
        }
    }

    private void Relist(IReadOnlyList<JsonObject> pods)
    {
        _waiting.Clear();
        _placed.Clear();
        foreach (var pod in pods)
        {
            Note(pod, gone: false);
        }
    }

    /// <summary>Keeps who waits and who has a place; most changes of pods change neither and cost nothing.</summary>
    private void Note(JsonObject pod, bool gone)
    {
        var uid = pod.Text("metadata", "uid")!;
        if (!gone && IsWaiting(pod))
        {
            _waiting[uid] = pod.To<V1Pod>();
            _wake.Set();
            return;
        }

        _waiting.TryRemove(uid, out _);
        if (!gone && !HasEnded(pod) && pod.Text("spec", "nodeName") == nodeName)
        {
            if (!_placed.ContainsKey(uid))
            {
                _placed[uid] = pod.To<V1Pod>();
            }
        }
        else if (_placed.TryRemove(uid, out _))
        {
            // Room was freed.
            Wake();
        }
    }

    private async Task LoopAsync(CancellationToken ct)
    {
        while (true)
        {
            await _wake.WaitAsync(null, ct);
            foreach (var pod in _waiting.Values.OrderByDescending(pod => pod.Spec.Priority ?? 0).ThenBy(pod => pod.Metadata.CreationTimestamp))
            {
                try
                {
                    await ScheduleAsync(pod, ct);
                }
                catch (ApiStatusException e) when (e.IsConflict || e.IsNotFound)
                {
                    // The pod changed while it was looked at; that change wakes this loop again.
                }
                catch (ApiStatusException e)
                {
                    NodeLog.SchedulingFailed(log, $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}", e);
                }
            }
        }
    }

    private async Task ScheduleAsync(V1Pod known, CancellationToken ct)
    {
        var ns = known.Metadata.NamespaceProperty;
        if (api.Get(ResourceTypes.Pods, ns, known.Metadata.Name) is not { } json || json.Text("metadata", "uid") != known.Metadata.Uid || !IsWaiting(json))
        {
            _waiting.TryRemove(known.Metadata.Uid, out _);
            return;
        }

        var pod = json.To<V1Pod>();
        var node = api.Get(ResourceTypes.Nodes, null, nodeName)?.To<V1Node>();
        var problem = node is null
            ? "no nodes available to schedule pods"
            : SchedulingRules.Check(
                pod, node, _placed.Values, name => api.Get(ResourceTypes.PersistentVolumeClaims, ns, name)?.To<V1PersistentVolumeClaim>(),
                name => api.Get(ResourceTypes.Namespaces, null, name)?.At("metadata", "labels") as JsonObject);
        if (problem is null)
        {
            await BindAsync(json, ct);
            pod.Spec.NodeName = nodeName;
            _placed[pod.Metadata.Uid] = pod;
            _waiting.TryRemove(pod.Metadata.Uid, out _);
            api.RecordEvent(json, "Normal", "Scheduled", $"Successfully assigned {ns}/{pod.Metadata.Name} to {nodeName}", Component);
        }
        else if (ScheduledCondition.Problem(json) != problem)
        {
            ScheduledCondition.SetUnschedulable(json, problem, time.GetUtcNow());
            await api.UpdateAsync(ResourceTypes.Pods, json, Component, "status", ct);
            api.RecordEvent(json, "Warning", "FailedScheduling", problem, Component);
        }
    }

    private Task<JsonObject> BindAsync(JsonObject pod, CancellationToken ct)
    {
        pod["spec"]!["nodeName"] = nodeName;
        ScheduledCondition.SetTrue(pod, time.GetUtcNow());
        return api.UpdateAsync(ResourceTypes.Pods, pod, Component, "binding", ct);
    }
}

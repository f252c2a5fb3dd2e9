using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Pods;

namespace Workspaces.LocalCluster.Node.Scheduling;

/// <summary>
/// Gives every pod without a node the only node there is, if the pod can run there; otherwise says why not, as the real
/// scheduler does, and tries again when something changes.
/// </summary>
internal sealed class PodScheduler(IClusterApi api, string nodeName, TimeProvider time, ILogger log)
{
    private const string Component = "default-scheduler";

    private readonly WakeSignal _wake = new();

    public Task RunAsync(CancellationToken ct) => Task.WhenAll(
        WakeOnAsync(ResourceTypes.Pods, ct), WakeOnAsync(ResourceTypes.PersistentVolumeClaims, ct), WakeOnAsync(ResourceTypes.Nodes, ct), LoopAsync(ct));

    private static bool IsWaiting(V1Pod pod) =>
        string.IsNullOrEmpty(pod.Spec.NodeName) && pod.Metadata.DeletionTimestamp is null && pod.Status?.Phase is not ("Succeeded" or "Failed")
        && pod.Spec.SchedulerName is null or "" or Component && pod.Spec.SchedulingGates is not { Count: > 0 };

    private Task WakeOnAsync(ResourceType type, CancellationToken ct) => ResourceWatcher.RunAsync(api, type, _ => _wake.Set(), _ => _wake.Set(), log, ct);

    private async Task LoopAsync(CancellationToken ct)
    {
        while (true)
        {
            await _wake.WaitAsync(null, ct);
            var pods = api.List(ResourceTypes.Pods).Items.Select(pod => (Json: pod, Pod: pod.To<V1Pod>())).ToList();
            foreach (var (json, pod) in pods.Where(entry => IsWaiting(entry.Pod)))
            {
                try
                {
                    await ScheduleAsync(json, pod, pods.Select(entry => entry.Pod).Where(other => other.Spec.NodeName == nodeName), ct);
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

    private async Task ScheduleAsync(JsonObject json, V1Pod pod, IEnumerable<V1Pod> others, CancellationToken ct)
    {
        var node = api.Get(ResourceTypes.Nodes, null, nodeName)!.To<V1Node>();
        var problem = SchedulingRules.Check(
            pod, node, others, name => api.Get(ResourceTypes.PersistentVolumeClaims, pod.Metadata.NamespaceProperty, name)?.To<V1PersistentVolumeClaim>());
        if (problem is null)
        {
            await BindAsync(json, ct);
            api.RecordEvent(json, "Normal", "Scheduled", $"Successfully assigned {pod.Metadata.NamespaceProperty}/{pod.Metadata.Name} to {nodeName}", Component);
        }
        else if (pod.Status?.Conditions?.FirstOrDefault(known => known.Type == "PodScheduled")?.Message != problem)
        {
            await SetUnschedulableAsync(json, problem, ct);
            api.RecordEvent(json, "Warning", "FailedScheduling", problem, Component);
        }
    }

    private Task<JsonObject> BindAsync(JsonObject pod, CancellationToken ct)
    {
        pod["spec"]!["nodeName"] = nodeName;
        return api.UpdateAsync(ResourceTypes.Pods, pod, Component, "binding", ct);
    }

    private async Task SetUnschedulableAsync(JsonObject json, string problem, CancellationToken ct)
    {
        var condition = KubernetesModel.ToJson(new V1PodCondition
        {
            Type = "PodScheduled",
            Status = "False",
            Reason = "Unschedulable",
            Message = problem,
            LastTransitionTime = time.GetUtcNow().UtcDateTime,
        });
        var status = json["status"] as JsonObject ?? [];
        var others = (status["conditions"] as JsonArray ?? []).Where(known => (string?)known!["type"] != "PodScheduled").Select(known => known!.DeepClone());
        status["conditions"] = new JsonArray([.. others, condition]);
        json["status"] = status;
        await api.UpdateAsync(ResourceTypes.Pods, json, Component, "status", ct);
    }
}

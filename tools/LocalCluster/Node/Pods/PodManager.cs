using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Gives every pod of this node a worker, and tells workers what concerns them.</summary>
internal sealed class PodManager(NodeParts node, PodParts parts)
{
    private readonly ConcurrentDictionary<string, PodWorker> _workers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> _running = new();

    /// <summary>The pod that runs here under a name, or null.</summary>
    public PodState? Find(string ns, string name) => FindWorker(ns, name)?.State;

    /// <summary>
    /// Who looks after the pod that runs here under a name, or null. One that was deleted without grace may still be ending here when its successor has
    /// its name: the one that the API knows counts.
    /// </summary>
    public PodWorker? FindWorker(string ns, string name) => node.Api.Get(ResourceTypes.Pods, ns, name) is { } pod
        ? _workers.GetValueOrDefault(pod.Text("metadata", "uid")!)
        : _workers.Values.FirstOrDefault(worker => worker.State.Pod.Metadata.NamespaceProperty == ns && worker.State.Pod.Metadata.Name == name);

    /// <summary>Follows the API until cancelled; the workers end with it, their pods do not.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            await Task.WhenAll(
                ResourceWatcher.RunAsync(node.Api, ResourceTypes.Pods, pods => Adopt(pods, ct), change => Dispatch(change, ct), node.Log, ct),
                WakeOnAsync(ResourceTypes.ConfigMaps, ct),
                WakeOnAsync(ResourceTypes.Secrets, ct),
                WakeOnAsync(ResourceTypes.PersistentVolumeClaims, ct));
        }
        finally
        {
            await Task.WhenAll(_running.Keys);
        }
    }

    /// <summary>Objects that volumes show: workers look at their volumes when one changes.</summary>
    private Task WakeOnAsync(ResourceType type, CancellationToken ct) =>
        ResourceWatcher.RunAsync(node.Api, type, _ => { }, change => WakeNamespace((string?)change.Object["metadata"]?["namespace"]), node.Log, ct);

    private void WakeNamespace(string? ns)
    {
        foreach (var worker in _workers.Values.Where(worker => worker.State.Pod.Metadata.NamespaceProperty == ns))
        {
            worker.Wake();
        }
    }

    private void Adopt(IReadOnlyList<JsonObject> pods, CancellationToken ct)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        foreach (var pod in pods.Where(IsHere))
        {
            known.Add(pod.Text("metadata", "uid")!);
            Assign(pod.To<V1Pod>(), ct);
        }

        foreach (var (_, worker) in _workers.Where(entry => !known.Contains(entry.Key)))
        {
            worker.Remove();
        }
    }

    private void Dispatch(WatchEvent change, CancellationToken ct)
    {
        if (!IsHere(change.Object))
        {
            return; // another node's, of which there can be many
        }

        if (change.Type != WatchEvent.Deleted)
        {
            Assign(change.Object.To<V1Pod>(), ct);
        }
        else if (_workers.TryGetValue(change.Object.Text("metadata", "uid")!, out var worker))
        {
            worker.Remove();
        }
    }

    private bool IsHere(JsonObject pod) => pod.Text("spec", "nodeName") == node.NodeName;

    private void Assign(V1Pod pod, CancellationToken ct)
    {
        if (_workers.TryGetValue(pod.Metadata.Uid, out var worker))
        {
            worker.Update(pod);
            return;
        }

        worker = new PodWorker(node, parts, pod);
        _workers[pod.Metadata.Uid] = worker;
        var task = Task.Run(() => RunAsync(worker, ct), CancellationToken.None);
        _running[task] = true;
        _ = task.ContinueWith(ended => _running.TryRemove(ended, out _), TaskScheduler.Default);
    }

    private async Task RunAsync(PodWorker worker, CancellationToken ct)
    {
        try
        {
            await worker.RunAsync(ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The node stops.
        }
        catch (Exception e)
        {
            NodeLog.PodWorkerFailed(node.Log, worker.State.Key, e);
        }
        finally
        {
            await worker.State.StopProbesAsync();
            parts.Admission.Forget(worker.State);
            _workers.TryRemove(worker.State.Uid, out _);
        }
    }
}

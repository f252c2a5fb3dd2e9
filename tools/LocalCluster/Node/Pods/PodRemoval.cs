using k8s.Models;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Ends pods: stops their containers within the grace period, takes away what they had on this machine, confirms to the API.</summary>
internal sealed class PodRemoval(NodeParts node, PodSandboxes sandboxes, ContainerStops stops, PodStatusWriter status)
{
    /// <summary>The kubelet's own: an evicted pod's containers end at once.</summary>
    private static readonly TimeSpan EvictionGrace = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Removes a pod that is being deleted. <paramref name="latest"/> and <paramref name="gone"/> are asked again at each wake,
    /// because a second deletion may shorten the grace period or end it.
    /// </summary>
    public async Task RemoveAsync(PodState pod, Func<V1Pod> latest, Func<bool> gone, WakeSignal wake, CancellationToken ct)
    {
        using var hurry = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var grace = pod.Pod.Metadata.DeletionGracePeriodSeconds ?? 0;
        var stopping = StopAllAsync(pod, TimeSpan.FromSeconds(grace), gone, hurry.Token);
        while (!stopping.IsCompleted)
        {
            // The end of the grace period that was given first is looked after where the containers are stopped.
            TimeSpan? left = gone() ? TimeSpan.Zero
                : latest().Metadata is { DeletionTimestamp: { } end, DeletionGracePeriodSeconds: var shortened } && shortened < grace ? end - node.Time.GetUtcNow().UtcDateTime : null;
            if (left <= TimeSpan.Zero)
            {
                await hurry.CancelAsync();
                await stopping;
                break;
            }

            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(ct);
            await Task.WhenAny(stopping, wake.WaitAsync(left, waiting.Token));
            await waiting.CancelAsync();
        }

        await stopping;
        await ContainerSync.CollectAsync(pod);
        // A pod that was ended has a result, whatever its restart policy says.
        pod.End(pod.MainContainers.All(container => container.LastExit is { ExitCode: 0 }) ? "Succeeded" : "Failed");
        await status.WriteAsync(pod, node.Network.HostAddress, ct);
        await ReleaseAsync(pod, ct);
        Delete(node.Folders.Pod(pod.Uid));
        Delete(Path.Combine(node.Folders.Logs, pod.Uid));
        await node.Faults.PassAsync(ct);
        if (!gone())
        {
            await ConfirmAsync(pod, ct);
        }
    }

    /// <summary>Stops what still runs in a pod that has ended by itself, and keeps its logs.</summary>
    public async Task EndAsync(PodState pod, CancellationToken ct)
    {
        var grace = pod.WasEvicted ? EvictionGrace : TimeSpan.FromSeconds(pod.Pod.Spec.TerminationGracePeriodSeconds ?? 30);
        await StopAllAsync(pod, grace, () => false, ct);
        await ContainerSync.CollectAsync(pod);
        await ReleaseAsync(pod, ct);
    }

    private static void Delete(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task StopAllAsync(PodState pod, TimeSpan grace, Func<bool> gone, CancellationToken hurry)
    {
        if (gone())
        {
            grace = TimeSpan.Zero;
        }

        // Sidecars serve the others to their end: they go last, in reverse order, within the same grace period.
        var turn = Task.WhenAll(pod.Containers.Where(container => container.Role != ContainerRole.Sidecar).Select(container => StopAsync(pod, container, grace, null, hurry)));
        var all = new List<Task> { turn };
        foreach (var sidecar in pod.Containers.Where(container => container.Role == ContainerRole.Sidecar).Reverse())
        {
            turn = StopAsync(pod, sidecar, grace, turn, hurry);
            all.Add(turn);
        }

        await Task.WhenAll(all);
    }

    private Task StopAsync(PodState pod, PodContainer container, TimeSpan grace, Task? turn, CancellationToken hurry) =>
        stops.StopAsync(pod, container, grace, $"Stopping container {container.Name}", turn, hurry);

    private async Task ReleaseAsync(PodState pod, CancellationToken ct)
    {
        if (pod.Sandbox is { } sandbox)
        {
            await sandboxes.RemoveAsync(pod.Pod, sandbox, ct);
            pod.Sandbox = null;
        }

        await node.Volumes.RemoveAsync(pod.Pod);
    }

    private async Task ConfirmAsync(PodState pod, CancellationToken ct)
    {
        try
        {
            await node.Api.DeleteAsync(
                ResourceTypes.Pods, pod.Pod.Metadata.NamespaceProperty, pod.Pod.Metadata.Name,
                new DeleteOptions { GracePeriodSeconds = 0, PreconditionUid = pod.Uid }, ct);
        }
        catch (ApiStatusException e) when (e.IsNotFound || e.IsConflict)
        {
            // Someone else was first, and another pod may have the name by now.
        }
    }
}

using System.Diagnostics;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Probes;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Stops containers as the kubelet does: preStop hook, then the stop signal, then a kill when the grace period is over.</summary>
internal sealed class ContainerStops(NodeParts node, HandlerRunner handlers, PodEvents events)
{
    private static readonly TimeSpan LeastAfterHook = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Starts to stop a container and returns when it has ended. Cancelling <paramref name="hurry"/> kills it at once; the
    /// grace period of a pod can be shortened while it runs.
    /// </summary>
    public async Task StopAsync(PodState pod, PodContainer container, TimeSpan grace, string message, CancellationToken hurry)
    {
        if (container.Running is not { } running)
        {
            return;
        }

        events.Normal(pod, container, "Killing", message);
        var watch = Stopwatch.StartNew();
        try
        {
            if (container.Definition.Lifecycle?.PreStop is { } hook && grace > TimeSpan.Zero)
            {
                await RunHookAsync(pod, container, running, hook, grace, hurry);
            }

            var remaining = grace - watch.Elapsed;
            if (container.Definition.Lifecycle?.PreStop is not null && remaining < LeastAfterHook)
            {
                remaining = LeastAfterHook;
            }

            if (grace > TimeSpan.Zero && !running.Exit.IsCompleted)
            {
                await node.Runtime.SignalAsync(running.Spec.Id, container.Definition.Lifecycle?.StopSignal ?? "TERM", hurry);
                await running.Exit.WaitAsync(remaining, hurry);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            // The grace period is over or was shortened: what follows ends it.
        }

        if (!running.Exit.IsCompleted)
        {
            // The signal goes to the first process; what it leaves behind is killed when its end is seen.
            await node.Runtime.SignalAsync(running.Spec.Id, "KILL", CancellationToken.None);
        }

        await running.Exit;
    }

    private async Task RunHookAsync(PodState pod, PodContainer container, RunningContainer running, k8s.Models.V1LifecycleHandler hook, TimeSpan grace, CancellationToken hurry)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        limit.CancelAfter(grace);
        try
        {
            var result = await handlers.RunAsync(pod, running, container, hook, limit.Token);
            if (!result.Success)
            {
                events.Warning(pod, container, "FailedPreStopHook", $"PreStopHook failed: {result.Output}");
            }
        }
        catch (OperationCanceledException) when (!hurry.IsCancellationRequested)
        {
            events.Warning(pod, container, "FailedPreStopHook", $"PreStopHook did not end within the grace period of {grace.TotalSeconds:0} s");
        }
    }
}

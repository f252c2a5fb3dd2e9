using System.Diagnostics;
using k8s.Models;
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
    /// <param name="pod">The pod.</param>
    /// <param name="container">One of its containers.</param>
    /// <param name="grace">How long the container has, its preStop hook included.</param>
    /// <param name="message">Why, for the event.</param>
    /// <param name="turn">Completes when the container may be signalled: sidecars wait for those they serve, their hooks do not.</param>
    /// <param name="hurry">Ends the grace.</param>
    public async Task StopAsync(PodState pod, PodContainer container, TimeSpan grace, string message, Task? turn, CancellationToken hurry)
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

            if (turn is not null && grace > watch.Elapsed)
            {
                await turn.WaitAsync(grace - watch.Elapsed, hurry).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            var remaining = grace - watch.Elapsed;
            if (grace > TimeSpan.Zero && remaining < LeastAfterHook && (container.Definition.Lifecycle?.PreStop is not null || turn is not null))
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

    private async Task RunHookAsync(PodState pod, PodContainer container, RunningContainer running, V1LifecycleHandler hook, TimeSpan grace, CancellationToken hurry)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(hurry);
        limit.CancelAfter(grace);
        try
        {
            // A hook of a container that ends by itself meanwhile has nothing left to prepare.
            var attempt = handlers.RunAsync(pod, running, container, hook, limit.Token);
            if (await Task.WhenAny(attempt, running.Exit) != attempt)
            {
                await limit.CancelAsync();
                await ((Task)attempt).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return;
            }

            // What the hook said stays out of the event: it may hold secrets.
            if (!(await attempt).Success)
            {
                events.Warning(pod, container, "FailedPreStopHook", "PreStopHook failed");
            }
        }
        catch (OperationCanceledException) when (!hurry.IsCancellationRequested)
        {
            // The hook had the whole grace period. The kubelet goes on without a word too.
        }
    }
}

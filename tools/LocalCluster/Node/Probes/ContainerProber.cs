using k8s.Models;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Node.Pods;

namespace Workspaces.LocalCluster.Node.Probes;

/// <summary>
/// Runs the probes of one run of a container: startup first, then readiness and liveness side by side. Reports into the
/// container's record and wakes the pod's worker; asks for a restart, never restarts.
/// </summary>
internal sealed class ContainerProber(HandlerRunner handlers, FaultSwitches faults, PodEvents events, PodState pod, PodContainer container, RunningContainer running)
{
    /// <summary>Ends when cancelled or when the container is to be restarted.</summary>
    /// <param name="changed">Called when started or ready changed.</param>
    /// <param name="restart">Called with the probe that failed when the container must be restarted.</param>
    /// <param name="ct">Cancelled when the container has ended.</param>
    public async Task RunAsync(Action changed, Action<string, V1Probe> restart, CancellationToken ct)
    {
        try
        {
            if (container.Definition.StartupProbe is { } startup && !await StartupAsync(startup, restart, ct))
            {
                return;
            }

            container.Started = true;
            changed();
            var readiness = container.Definition.ReadinessProbe is { } ready ? ReadinessAsync(ready, changed, ct) : Task.CompletedTask;
            var liveness = container.Definition.LivenessProbe is { } live ? LivenessAsync(live, restart, ct) : Task.CompletedTask;
            await Task.WhenAll(readiness, liveness);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The container ended.
        }
    }

    private static TimeSpan Seconds(int? value, int otherwise) => TimeSpan.FromSeconds(value is null or 0 ? otherwise : value.Value);

    private async Task<bool> StartupAsync(V1Probe probe, Action<string, V1Probe> restart, CancellationToken ct)
    {
        var failures = 0;
        await DelayAsync(probe, ct);
        while (true)
        {
            if ((await ProbeAsync("Startup", probe, ct)).Success)
            {
                return true;
            }

            if (++failures >= (probe.FailureThreshold ?? 3))
            {
                restart("startup", probe);
                return false;
            }

            await Task.Delay(Seconds(probe.PeriodSeconds, 10), ct);
        }
    }

    private async Task ReadinessAsync(V1Probe probe, Action changed, CancellationToken ct)
    {
        var (successes, failures) = (0, 0);
        await DelayAsync(probe, ct);
        while (true)
        {
            var result = await ProbeAsync("Readiness", probe, ct);
            (successes, failures) = result.Success ? (successes + 1, 0) : (0, failures + 1);
            var ready = container.ProbedReady;
            if (result.Success && successes >= (probe.SuccessThreshold ?? 1))
            {
                ready = true;
            }
            else if (!result.Success && failures >= (probe.FailureThreshold ?? 3))
            {
                ready = false;
            }

            if (ready != container.ProbedReady)
            {
                container.ProbedReady = ready;
                changed();
            }

            await Task.Delay(Seconds(probe.PeriodSeconds, 10), ct);
        }
    }

    private async Task LivenessAsync(V1Probe probe, Action<string, V1Probe> restart, CancellationToken ct)
    {
        var failures = 0;
        await DelayAsync(probe, ct);
        while (true)
        {
            failures = (await ProbeAsync("Liveness", probe, ct)).Success ? 0 : failures + 1;
            if (failures >= (probe.FailureThreshold ?? 3))
            {
                restart("liveness", probe);
                return;
            }

            await Task.Delay(Seconds(probe.PeriodSeconds, 10), ct);
        }
    }

    private static Task DelayAsync(V1Probe probe, CancellationToken ct) =>
        probe.InitialDelaySeconds is > 0 and var delay ? Task.Delay(TimeSpan.FromSeconds(delay), ct) : Task.CompletedTask;

    private async Task<ProbeResult> ProbeAsync(string kind, V1Probe probe, CancellationToken ct)
    {
        await faults.PassAsync(ct);
        var timeout = Seconds(probe.TimeoutSeconds, 1);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout);
        ProbeResult result;
        try
        {
            result = await handlers.RunAsync(pod, running, container, probe, timeout, limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            result = new ProbeResult(false, probe switch
            {
                { Exec: { } exec } => $"command \"{string.Join(' ', exec.Command ?? [])}\" timed out",
                { HttpGet: not null } => "context deadline exceeded (Client.Timeout exceeded while awaiting headers)",
                _ => "dial tcp: i/o timeout",
            });
        }

        if (!result.Success && !ct.IsCancellationRequested)
        {
            events.Warning(pod, container, "Unhealthy", result.Errored ? $"{kind} probe errored and resulted in unknown state: {result.Output}" : $"{kind} probe failed: {result.Output}");
        }

        return result;
    }
}

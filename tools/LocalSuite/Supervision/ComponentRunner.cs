using System.Diagnostics;
using Workspaces.LocalSuite.Components;
using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Servers;

namespace Workspaces.LocalSuite.Supervision;

/// <summary>
/// Keeps one component running: starts it when what it needs is ready, starts it again with back-off when it ends, stops it after
/// those that need it. Until it has been ready once, a failure that trying again cannot mend fails the suite.
/// </summary>
internal sealed class ComponentRunner(Component component, Marker marker, ProgressReport report, Action<ComponentState> changed)
{
    private const int FirstAttempts = 3;
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SlowestRetry = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Steady = TimeSpan.FromMinutes(1);

    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _restarts;

    /// <summary>What it runs.</summary>
    public Component Component => component;

    /// <summary>Completes when it has been ready for the first time.</summary>
    public Task Ready => _ready.Task;

    /// <summary>Completes when its process is gone for good.</summary>
    public Task Stopped => _stopped.Task;

    /// <summary>Runs until <paramref name="stop"/>.</summary>
    /// <param name="needed">Components that must have been ready before.</param>
    /// <param name="dependents">Components that must be gone before this one is stopped.</param>
    /// <param name="stop">The request to stop.</param>
    /// <exception cref="SuiteException">Its first start failed.</exception>
    public async Task RunAsync(IReadOnlyList<ComponentRunner> needed, IReadOnlyList<ComponentRunner> dependents, CancellationToken stop)
    {
        try
        {
            await Task.WhenAll(needed.Select(other => other.Ready)).WaitAsync(stop);
            var delay = TimeSpan.Zero;
            while (true)
            {
                var clock = Stopwatch.StartNew();
                await RunOnceAsync(dependents, stop);
                delay = Next(clock.Elapsed > Steady ? TimeSpan.Zero : delay);
                report.Say(component.Name, $"is started again in {delay.TotalSeconds:0} s");
                await Task.Delay(delay, stop);
                _restarts++;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped as asked.
        }
        finally
        {
            _stopped.TrySetResult();
        }
    }

    /// <summary>One life of the process. Returns when it ended by itself or could not be started.</summary>
    private async Task RunOnceAsync(IReadOnlyList<ComponentRunner> dependents, CancellationToken stop)
    {
        try
        {
            foreach (var id in marker.KillLeftovers())
            {
                report.Say(component.Name, $"killed process {id}, left from an earlier run");
            }

            report.Say(component.Name, "starting");
            var clock = Stopwatch.StartNew();
            await using var running = await RunningServer.StartAsync(component.Server, marker, StartPatience, stop);
            changed(new ComponentState(running.Process.Id, _restarts));
            await component.WhenReady(stop);
            report.Say(component.Name, $"ready after {clock.Elapsed.TotalSeconds:0.0} s   {component.Address}");
            _ready.TrySetResult();
            await WaitForEndAsync(running.Process, dependents, stop);
            report.Say(component.Name, $"ended with exit code {running.Process.ExitCode}; its log is {component.Server.Start.LogFile}");
        }
        catch (Exception exception) when (exception is not OperationCanceledException && (_ready.Task.IsCompleted || IsWorthAnotherTry(exception)))
        {
            report.Say(component.Name, exception.Message);
        }
        finally
        {
            changed(new ComponentState(null, _restarts));
        }
    }

    private async Task WaitForEndAsync(ChildProcess process, IReadOnlyList<ComponentRunner> dependents, CancellationToken stop)
    {
        try
        {
            await process.WaitForExitAsync(stop);
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(dependents.Select(other => other.Stopped));
            await process.StopAsync(StopPatience);
            report.Say(component.Name, "stopped");
            throw;
        }
    }

    private bool IsWorthAnotherTry(Exception exception) =>
        exception is not (PortInUseException or MissingProgramException) && _restarts + 1 < FirstAttempts;

    private static TimeSpan Next(TimeSpan delay) =>
        delay == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : TimeSpan.FromTicks(Math.Min(delay.Ticks * 2, SlowestRetry.Ticks));
}

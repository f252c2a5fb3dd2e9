using Workspaces.LocalSuite.Components;
using Workspaces.LocalSuite.Layout;
using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Supervision;

/// <summary>Runs all components, each by a <see cref="ComponentRunner"/> of its own, and keeps <see cref="SuiteState"/> up to date.</summary>
internal sealed class Supervisor
{
    private readonly SuiteLayout _layout;
    private readonly Dictionary<string, ComponentState> _components = [];
    private readonly List<ComponentRunner> _runners;
    private readonly Lock _lock = new();
    private SuitePhase _phase = SuitePhase.Starting;

    public Supervisor(SuiteLayout layout, IReadOnlyList<Component> components, ProgressReport report)
    {
        _layout = layout;
        _runners = [.. components.Select(component => new ComponentRunner(
            component, new Marker(layout.Options.StateFolder, component.Name), report, state => Change(component.Name, state)))];
    }

    /// <summary>Runs until <paramref name="stop"/>, then stops everything in order. Calls <paramref name="whenReady"/> once, when all have been ready.</summary>
    /// <exception cref="SuiteException">A component could not be started; the others have been stopped.</exception>
    public async Task RunAsync(Func<Task> whenReady, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stop);
        SetPhase(SuitePhase.Starting);
        try
        {
            var runs = _runners.Select(runner => runner.RunAsync(NeededBy(runner), DependentsOf(runner), end.Token)).ToList();
            var ready = Task.WhenAll(_runners.Select(runner => runner.Ready)).WaitAsync(end.Token);
            await EndAsync(runs, ready, whenReady, end);
            SetPhase(SuitePhase.Stopped);
        }
        catch
        {
            SetPhase(SuitePhase.Failed);
            throw;
        }
    }

    private async Task EndAsync(List<Task> runs, Task ready, Func<Task> whenReady, CancellationTokenSource end)
    {
        var all = Task.WhenAll(runs);
        try
        {
            // A run ends only on request or by failing, so whichever comes first says how it went.
            await await Task.WhenAny([ready, .. runs]);
            if (ready.IsCompletedSuccessfully)
            {
                SetPhase(SuitePhase.Ready);
                await whenReady();
            }

            await await Task.WhenAny(runs);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // Asked to stop while starting.
        }
        finally
        {
            SetPhase(SuitePhase.Stopping);
            await end.CancelAsync();
            await Task.WhenAll(runs).ContinueWith(_ => { }, TaskScheduler.Default);
        }

        await all;
    }

    private List<ComponentRunner> NeededBy(ComponentRunner runner) => [.. _runners.Where(other => runner.Component.After.Contains(other.Component.Name))];

    private List<ComponentRunner> DependentsOf(ComponentRunner runner) => [.. _runners.Where(other => other.Component.After.Contains(runner.Component.Name))];

    private void Change(string component, ComponentState state)
    {
        lock (_lock)
        {
            _components[component] = state;
            Write();
        }
    }

    private void SetPhase(SuitePhase phase)
    {
        lock (_lock)
        {
            _phase = phase;
            Write();
        }
    }

    private void Write() =>
        new SuiteState(Environment.ProcessId, _phase, RunningSuite.Of(_layout), new SortedDictionary<string, ComponentState>(_components)).Write(_layout.StateFile);
}

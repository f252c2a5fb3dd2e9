using Workspaces.LocalSuite.Components;
using Workspaces.LocalSuite.Layout;
using Workspaces.LocalSuite.Secrets;
using Workspaces.LocalSuite.Supervision;

namespace Workspaces.LocalSuite.Commands;

/// <summary>Asks every component how it is, now, and prints one line for each.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <returns>0 when all are healthy, otherwise 1.</returns>
    public static async Task<int> ExecuteAsync(SuiteLayout layout, TextWriter output)
    {
        if (!InstanceLock.IsTaken(layout.LockFile) || SuiteState.Read(layout.StateFile) is not { } state)
        {
            await output.WriteLineAsync($"The suite of {layout.Options.StateFolder} is not running.");
            return 1;
        }

        layout = state.Running.Apply(layout);
        using var deadline = new CancellationTokenSource(Patience);
        var secrets = await SuiteSecrets.OpenAsync(layout, deadline.Token);
        var answers = await Task.WhenAll(new SuiteComponents(layout, secrets).All.Select(component => AskAsync(component, deadline.Token)));
        foreach (var (component, trouble) in answers)
        {
            var known = state.Components.GetValueOrDefault(component.Name);
            var process = known?.ProcessId is { } id ? $"pid {id}" : "no process";
            var restarts = known?.Restarts is > 0 and var count ? $", restarted {count} times" : "";
            await output.WriteLineAsync($"{component.Name,-14}{(trouble is null ? "healthy" : "NOT healthy"),-13}{component.Address,-52}{process}{restarts}{(trouble is null ? "" : $": {trouble}")}");
        }

        return answers.All(answer => answer.Trouble is null) ? 0 : 1;
    }

    private static async Task<(Component Component, string? Trouble)> AskAsync(Component component, CancellationToken cancellation)
    {
        try
        {
            return (component, await component.Server.WhyNotReadyAsync(cancellation));
        }
        catch (OperationCanceledException)
        {
            return (component, $"no answer within {Patience.TotalSeconds:0} s");
        }
    }
}

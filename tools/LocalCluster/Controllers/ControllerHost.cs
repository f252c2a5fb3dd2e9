using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;

namespace Workspaces.LocalCluster.Controllers;

/// <summary>Runs the controllers with the process.</summary>
internal sealed class ControllerHost(
    IEnumerable<IReconciler> reconcilers, IClusterApi api, TimeProvider time, ILogger<ControllerHost> log, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _loops = Task.WhenAll(reconcilers.Select(reconciler => Task.Run(() => new ControllerLoop(reconciler, api, time, log).RunAsync(_stopping.Token), CancellationToken.None)));
        _ = _loops.ContinueWith(Failed, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a failure was reported when it happened
    }

    public void Dispose() => _stopping.Dispose();

    private void Failed(Task loops)
    {
        ControllerLog.ControllersFailed(log, loops.Exception!);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}

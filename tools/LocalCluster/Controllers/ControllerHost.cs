using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers;

/// <summary>
/// Runs the controllers with the process. They follow the store itself and so always decide on the present state: what one wrote, it
/// sees when it looks next, and needs no memory of what it did.
/// </summary>
internal sealed class ControllerHost(
    IEnumerable<IReconciler> reconcilers, ObjectStore store, TimeProvider time, ILogger<ControllerHost> log, IHostApplicationLifetime lifetime) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loops = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var loops = reconcilers.Select(reconciler => new ControllerLoop(reconciler, store, time, log)).ToList();
        _loops = Task.WhenAll(
            loops.Select(loop => Task.Run(() => loop.RunAsync(_stopping.Token), CancellationToken.None))
                .Append(Task.Run(() => FollowAsync(loops, _stopping.Token), CancellationToken.None)));
        _ = _loops.ContinueWith(Failed, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loops.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // a failure was reported when it happened
    }

    public void Dispose() => _stopping.Dispose();

    private async Task FollowAsync(List<ControllerLoop> loops, CancellationToken ct)
    {
        var changes = store.Follow();
        loops.ForEach(loop => loop.AddAll());
        await foreach (var change in changes.ReadAllAsync(ct))
        {
            loops.ForEach(loop => loop.Notice(change));
        }
    }

    private void Failed(Task loops)
    {
        ControllerLog.ControllersFailed(log, loops.Exception!);
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }
}

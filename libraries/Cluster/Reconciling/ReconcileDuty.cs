using k8s;
using Microsoft.Extensions.Logging;
using Workspaces.Cluster.Leading;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Cluster.Reconciling;

/// <summary>
/// The work of a leading worker: (1) the watcher lists, (2) every record is looked at, (3) the queue is read, until the lease is lost.
/// In this order, because "the pod is not there" and "the workspace is unknown" must not be said before looking.
/// </summary>
public sealed partial class ReconcileDuty(
    WorkspaceModel model,
    IKubernetes kubernetes,
    PodScope scope,
    PodViewHolder pods,
    RecordStore records,
    WorkQueue queue,
    ReconcileLoop loop,
    IServiceQueue commands,
    ILoggerFactory loggers) : IWorkerDuty
{
    private readonly ILogger _logger = loggers.CreateLogger<ReconcileDuty>();

    /// <inheritdoc/>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var parts = new List<Task>();
        try
        {
            // 1. The watcher begins from nothing: what was seen while another process led is not news to this one.
            var cache = new PodCache(scope.WorkspacesOf);
            pods.Current = cache;
            var watcher = new PodWatcher(kubernetes, scope, cache, loggers.CreateLogger<PodWatcher>());
            parts.Add(watcher.RunAsync(queue.Add, ending.Token));
            await Task.WhenAny(watcher.Synced, parts[0]).WaitAsync(ending.Token).ConfigureAwait(false);

            // 2. Every workspace is looked at once: it may have changed while nobody watched.
            await AddAllAsync(ending.Token).ConfigureAwait(false);
            parts.Add(loop.RunAsync(ending.Token));

            // 3. Commands.
            await commands.StartAsync(ending.Token).ConfigureAwait(false);
            await (await Task.WhenAny(parts).WaitAsync(ending.Token).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await commands.StopAsync(CancellationToken.None).ConfigureAwait(false);
            await ending.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(parts).ConfigureAwait(false);
            queue.Clear();
        }
    }

    private async Task AddAllAsync(CancellationToken cancellation)
    {
        var backOff = new BackOff();
        while (true)
        {
            try
            {
                var all = await records.ListIdsAsync(model, cancellation).ConfigureAwait(false);
                foreach (var id in all)
                {
                    queue.Add(id);
                }

                Began(_logger, all.Count);
                return;
            }
            catch (Exception e) when (Connecting.ClusterError.Of(e) is { } error)
            {
                NotYet(_logger, error.Message);
                await backOff.WaitAsync(cancellation).ConfigureAwait(false);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    [LoggerMessage(1211, LogLevel.Information, "Looking at all {Count} workspaces on record")]
    private static partial void Began(ILogger logger, int count);

    [LoggerMessage(1212, LogLevel.Warning, "The records cannot be listed now: {Reason}")]
    private static partial void NotYet(ILogger logger, string reason);
}

using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Records;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Cluster.Reconciling;

/// <summary>Takes workspaces from the queue and reconciles them, several at a time, each by one worker at a time.</summary>
public sealed partial class ReconcileLoop(
    WorkQueue queue, IWorkspaceReconciler reconciler, IOptions<ReconcileOptions> options, ILogger<ReconcileLoop> logger)
{
    private readonly ConcurrentDictionary<string, BackOff> _backOffs = new();

    /// <summary>Works until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, options.Value.Workers).Select(_ => Task.Run(() => WorkAsync(cancellation), CancellationToken.None)));

    private async Task WorkAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            string workspaceId;
            try
            {
                workspaceId = await queue.TakeAsync(cancellation).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            try
            {
                await ReconcileAsync(workspaceId, cancellation).ConfigureAwait(false);
            }
            finally
            {
                queue.Done(workspaceId);
            }
        }
    }

    private async Task ReconcileAsync(string workspaceId, CancellationToken cancellation)
    {
        var began = Stopwatch.GetTimestamp();
        try
        {
            var result = await reconciler.ReconcileAsync(workspaceId, cancellation).ConfigureAwait(false);
            _backOffs.TryRemove(workspaceId, out _);
            if (result.LookAgainAfter is { } delay)
            {
                queue.AddAfter(workspaceId, delay);
            }

            ClusterMetrics.Reconciled("done", began);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The lease is lost or the service stops: the record says where to go on.
        }
        catch (RecordConflictException e)
        {
            // A command came in between: decide anew from what the record says now.
            Changed(logger, workspaceId, e.Message);
            ClusterMetrics.Reconciled("changed", began);
            queue.AddAfter(workspaceId, NextDelay(workspaceId));
        }
        catch (Exception e)
        {
            // Rule 6: try again without limit. What a workspace itself cannot do was decided inside as a failure of that workspace.
            var expected = e is EventNotPublishedException ? e.Message : ClusterError.Of(e)?.Message;
            if (expected is not null)
            {
                NotNow(logger, workspaceId, expected);
            }
            else
            {
                Unexpected(logger, e, workspaceId);
            }

            ClusterMetrics.Reconciled("failed", began);
            queue.AddAfter(workspaceId, NextDelay(workspaceId));
        }
    }

    private TimeSpan NextDelay(string workspaceId) => _backOffs.GetOrAdd(workspaceId, _ => new BackOff()).Next();

    [LoggerMessage(1201, LogLevel.Debug, "Workspace {WorkspaceId} changed meanwhile: {Reason}")]
    private static partial void Changed(ILogger logger, string workspaceId, string reason);

    [LoggerMessage(1202, LogLevel.Warning, "Workspace {WorkspaceId} cannot be reconciled now and will be tried again: {Reason}")]
    private static partial void NotNow(ILogger logger, string workspaceId, string reason);

    [LoggerMessage(1203, LogLevel.Error, "Reconciling workspace {WorkspaceId} failed in a way that nobody foresaw; it will be tried again")]
    private static partial void Unexpected(ILogger logger, Exception exception, string workspaceId);
}

using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workspaces.Cluster.Connecting;

namespace Workspaces.Cluster.Leading;

/// <summary>
/// Lets one process at a time do the work (rule 5): queue, watcher and reconcile loop together run exactly while the lease is held.
/// Losing it, or not being able to renew it, ends the work before anybody else may begin; stopping ends the work first and then releases
/// the lease, so that the next process need not wait for it to expire.
/// </summary>
public sealed partial class LeaderElectionService(
    LeaderLease lease,
    NamespaceSetup namespaces,
    IWorkerDuty duty,
    LeadershipStatus status,
    IOptions<LeadershipOptions> options,
    TimeProvider time,
    ILogger<LeaderElectionService> logger) : BackgroundService
{
    private static readonly TimeSpan ReleaseWithin = TimeSpan.FromSeconds(3);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (await TryHoldAsync(stoppingToken).ConfigureAwait(false))
            {
                await LeadAsync(stoppingToken).ConfigureAwait(false);
            }

            await PauseAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task LeadAsync(CancellationToken stopping)
    {
        Leading(logger, lease.Identity);
        status.Leads = true;
        using var leading = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var work = Task.Run(() => duty.RunAsync(leading.Token), CancellationToken.None);
        try
        {
            await RenewUntilLostAsync(work, stopping).ConfigureAwait(false);
        }
        finally
        {
            await leading.CancelAsync().ConfigureAwait(false);
            await EndOfAsync(work).ConfigureAwait(false);
            status.Leads = false;
            await ReleaseAsync().ConfigureAwait(false);
        }
    }

    private async Task RenewUntilLostAsync(Task work, CancellationToken stopping)
    {
        var renewed = time.GetTimestamp();
        while (!stopping.IsCancellationRequested && !work.IsCompleted)
        {
            await Task.WhenAny(work, PauseAsync(stopping)).ConfigureAwait(false);
            if (stopping.IsCancellationRequested || work.IsCompleted)
            {
                return;
            }

            if (await TryHoldAsync(stopping).ConfigureAwait(false))
            {
                renewed = time.GetTimestamp();
            }
            else if (time.GetElapsedTime(renewed) > options.Value.RenewWithin)
            {
                Lost(logger, lease.Identity);
                return;
            }
        }
    }

    /// <summary>One attempt; an error is "no". It must not take longer than a renewal may.</summary>
    private async Task<bool> TryHoldAsync(CancellationToken stopping)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(options.Value.RenewWithin / 2);
        try
        {
            await namespaces.EnsureAsync(limit.Token).ConfigureAwait(false);
            var held = await lease.TryHoldAsync(limit.Token).ConfigureAwait(false);
            status.Answered();
            return held;
        }
        catch (OperationCanceledException)
        {
            if (!stopping.IsCancellationRequested)
            {
                NoAnswer(logger, "no answer in time");
            }

            return false;
        }
        catch (Exception e) when (ClusterError.Of(e) is { } error)
        {
            NoAnswer(logger, error.Message);
            return false;
        }
    }

    private async Task EndOfAsync(Task work)
    {
        try
        {
            await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Asked to end, and ended.
        }
        catch (Exception e)
        {
            WorkFailed(logger, e);
        }
    }

    private async Task ReleaseAsync()
    {
        using var limit = new CancellationTokenSource(ReleaseWithin);
        try
        {
            await lease.ReleaseAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OperationCanceledException || ClusterError.Of(e) is not null)
        {
            NotReleased(logger, e.Message);
        }
    }

    private async Task PauseAsync(CancellationToken stopping) =>
        await Task.Delay(options.Value.RetryEvery, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    [LoggerMessage(1301, LogLevel.Information, "Holding the lease as {Identity}: working")]
    private static partial void Leading(ILogger logger, string identity);

    [LoggerMessage(1302, LogLevel.Warning, "The lease was lost or could not be renewed in time ({Identity}): standing by")]
    private static partial void Lost(ILogger logger, string identity);

    [LoggerMessage(1303, LogLevel.Warning, "The cluster's API cannot be used now: {Reason}")]
    private static partial void NoAnswer(ILogger logger, string reason);

    [LoggerMessage(1304, LogLevel.Error, "The work ended by an error; the lease is given up and taken again")]
    private static partial void WorkFailed(ILogger logger, Exception exception);

    [LoggerMessage(1305, LogLevel.Warning, "The lease was not released ({Reason}); the next process waits until it expires")]
    private static partial void NotReleased(ILogger logger, string reason);
}

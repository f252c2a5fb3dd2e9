using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>Takes events from the spool to the broker, in order, as long as it takes; what the broker has confirmed leaves the spool.</summary>
internal sealed partial class SpoolPublisher(AuditSpool spool, IEventPublisher publisher, ILogger<SpoolPublisher> logger) : BackgroundService
{
    private static readonly TimeSpan LongestBackOff = TimeSpan.FromSeconds(5);

    /// <summary>When the Proxy stops, the ends of its last sessions have this long to reach the broker; what has not stays in the spool.</summary>
    private static readonly TimeSpan LastChance = TimeSpan.FromSeconds(3);

    private readonly TaskCompletionSource _stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        _stopping.TrySetResult();
        if (ExecuteTask is { } running)
        {
            await running.WaitAsync(LastChance, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (spool.LostSessions > 0)
        {
            LogLost(logger, spool.LostSessions);
        }

        var stopped = Task.Delay(Timeout.Infinite, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var appended = spool.NextAppend; // taken before reading, so that nothing is missed
            var batch = spool.ReadUnconfirmed();
            if (batch.Events.Count > 0)
            {
                await PublishAsync(batch, stoppingToken);
            }
            else if (_stopping.Task.IsCompleted)
            {
                return;
            }
            else
            {
                await Task.WhenAny(appended, _stopping.Task, stopped);
            }
        }
    }

    private async Task PublishAsync(SpoolBatch batch, CancellationToken cancellationToken)
    {
        var backOff = new BackOff(LongestBackOff);
        foreach (var fact in batch.Events)
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                try
                {
                    await publisher.PublishAsync(fact, cancellationToken);
                    backOff.Reset();
                    break;
                }
                catch (EventNotPublishedException e)
                {
                    LogNotPublished(logger, e);
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    return; // the rest stays in the spool for the next start
                }

                await backOff.WaitAsync(cancellationToken);
            }
        }

        if (!cancellationToken.IsCancellationRequested)
        {
            spool.Confirm(batch);
        }
    }

    [LoggerMessage(1300, LogLevel.Warning, "{Count} sessions were open when the Proxy before this one ended; they are reported as lost.")]
    private static partial void LogLost(ILogger logger, int count);

    [LoggerMessage(1301, LogLevel.Warning, "An audit event waits in the spool for the broker.")]
    private static partial void LogNotPublished(ILogger logger, Exception exception);
}

namespace Workspaces.LocalCluster.Operations;

/// <summary>Forgets old events, once a minute.</summary>
internal sealed class EventExpiry(EventRecorder events, TimeProvider clock) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            events.Expire();
        }
    }
}

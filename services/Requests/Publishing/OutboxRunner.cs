using JasperFx;
using Marten;
using Workspaces.Requests.Storage;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Requests.Publishing;

/// <summary>Runs <see cref="EventOutbox"/> while this replica leads, and starts it again whenever it has stopped.</summary>
public sealed class OutboxRunner(IDocumentStore store, IConfiguration configuration, StoreGate gate, ILogger<OutboxRunner> logger, ILoggerFactory loggers)
    : BackgroundService
{
    private static readonly TimeSpan Supervision = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.WaitAsync(stoppingToken);
        var connectionString = configuration.GetConnectionString("postgres")!;
        var backOff = new BackOff(LongestWait);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var leadership = await OutboxLeadership.TryTakeAsync(connectionString, stoppingToken);
                if (leadership is null)
                {
                    await Task.Delay(Supervision, stoppingToken);
                    continue;
                }

                PublishingLog.Leading(logger);
                backOff.Reset();
                await LeadAsync(leadership, stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                PublishingLog.Interrupted(logger, exception);
                await backOff.WaitAsync(stoppingToken);
            }
        }
    }

    private async Task LeadAsync(OutboxLeadership leadership, CancellationToken stoppingToken)
    {
        using var daemon = await store.BuildProjectionDaemonAsync(logger: loggers.CreateLogger("Marten.Daemon"));
        try
        {
            await daemon.StartAllAsync();
            while (true)
            {
                await Task.Delay(Supervision, stoppingToken);
                await leadership.EnsureHeldAsync(stoppingToken);
                if (daemon.CurrentAgents().Any(agent => agent.Status is not AgentStatus.Running))
                {
                    PublishingLog.Stopped(logger);
                    await daemon.StopAllAsync();
                    await daemon.StartAllAsync();
                }
            }
        }
        finally
        {
            await daemon.StopAllAsync();
        }
    }
}

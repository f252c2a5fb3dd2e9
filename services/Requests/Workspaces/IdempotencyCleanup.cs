using Marten;
using Workspaces.Requests.Storage;

namespace Workspaces.Requests.Workspaces;

/// <summary>Forgets idempotency keys whose time is over.</summary>
public sealed class IdempotencyCleanup(IDocumentStore store, StoreGate gate, TimeProvider clock, ILogger<IdempotencyCleanup> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await gate.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                var forgotten = clock.GetUtcNow() - IdempotencyRecord.Lifetime;
                await using var session = store.LightweightSession();
                session.DeleteWhere<IdempotencyRecord>(record => record.CreatedAt <= forgotten);
                await session.SaveChangesAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // They only take room until the next tick: old ones are never answered from.
                WorkspacesLog.CleanupFailed(logger, exception);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}

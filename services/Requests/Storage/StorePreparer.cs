using JasperFx;
using Marten;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Requests.Storage;

/// <summary>
/// Brings the database to what this version needs, and keeps trying while it is away: starting order does not matter, and the
/// service answers "not ready" meanwhile instead of restarting in a loop.
/// </summary>
public sealed class StorePreparer(IDocumentStore store, IEnumerable<IStorePreparation> preparations, StoreGate gate, ILogger<StorePreparer> logger)
    : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backOff = new BackOff(LongestWait);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync(AutoCreate.CreateOrUpdate);
                foreach (var preparation in preparations)
                {
                    await preparation.PrepareAsync(stoppingToken);
                }

                gate.Open();
                StorageLog.Prepared(logger);
                return;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                StorageLog.PreparationFailed(logger, exception);
                await backOff.WaitAsync(stoppingToken);
            }
        }
    }
}

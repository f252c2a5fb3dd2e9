using Marten;

namespace Workspaces.Auditor.Log;

/// <summary>
/// Brings the database's tables up to date before anything uses them: done at first use by several at once, they would wait for each other.
/// Where the database is away the service starts all the same, and each table is made when it is first used.
/// </summary>
internal sealed class LogSchema(IDocumentStore store, ILogger<LogSchema> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await store.Storage.ApplyAllConfiguredChangesToDatabaseAsync();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            SchemaLog.NotApplied(logger, e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}

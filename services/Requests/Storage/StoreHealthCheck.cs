using Marten;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Workspaces.Requests.Storage;

/// <summary>Whether the database is prepared and answers.</summary>
public sealed class StoreHealthCheck(IDocumentStore store, StoreGate gate) : IHealthCheck
{
    /// <inheritdoc/>
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (!gate.IsOpen)
        {
            return HealthCheckResult.Unhealthy("The database is not prepared yet; the log says why.");
        }

        try
        {
            await using var session = store.QuerySession();
            await session.QueryAsync<int>("select 1", cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException || exception.InnerException is NpgsqlException)
        {
            return HealthCheckResult.Unhealthy("The database does not answer.", exception);
        }
    }
}

using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Workspaces.Auditor.Log;

/// <summary>Ready means that the log can be read.</summary>
internal sealed class LogHealthCheck(LogReader log) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            var head = await log.HeadAsync(cancellationToken);
            return HealthCheckResult.Healthy($"The log reaches to {head.Last}.");
        }
        catch (Exception e) when (e is NpgsqlException or Marten.Exceptions.MartenCommandException or TimeoutException)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "PostgreSQL cannot be reached, or refuses.", e);
        }
    }
}

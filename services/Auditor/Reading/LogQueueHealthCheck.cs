using Microsoft.Extensions.Diagnostics.HealthChecks;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Reading;

/// <summary>Ready means that events reach the log.</summary>
internal sealed class LogQueueHealthCheck(LogQueueState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.IsReading
            ? HealthCheckResult.Healthy($"Reading {Topology.AuditorQueue}.")
            : new HealthCheckResult(context.Registration.FailureStatus, $"{Topology.AuditorQueue} is not being read: the broker cannot be reached, or refuses."));
}

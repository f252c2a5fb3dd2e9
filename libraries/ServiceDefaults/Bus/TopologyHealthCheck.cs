using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Ready means: what this service publishes arrives everywhere it should.</summary>
internal sealed class TopologyHealthCheck(TopologyGate gate) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(gate.IsOpen
            ? HealthCheckResult.Healthy("Exchanges and queues are declared.")
            : new HealthCheckResult(context.Registration.FailureStatus, "The broker cannot be reached, or refuses to declare exchanges and queues."));
}

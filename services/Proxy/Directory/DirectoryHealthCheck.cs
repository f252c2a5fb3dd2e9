using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Workspaces.Proxy.Directory;

/// <summary>Not ready before the first snapshot: until then every login would be refused wrongly.</summary>
internal sealed class DirectoryHealthCheck(DirectorySync sync) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(sync.IsFilled
            ? HealthCheckResult.Healthy("The directory is known.")
            : HealthCheckResult.Unhealthy("The directory has not been read yet: Requests or the broker has not answered."));
}

using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Workspaces.Cluster.Leading;

/// <summary>Ready when the cluster's API has answered lately. A replica that stands by is as ready as the one that leads.</summary>
internal sealed class ClusterHealthCheck(LeadershipStatus status, IOptions<LeadershipOptions> options) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var answered = status.HasAnswered(options.Value.LeaseDuration);
        return Task.FromResult(answered
            ? HealthCheckResult.Healthy(status.Leads ? "holds the lease" : "stands by")
            : HealthCheckResult.Unhealthy("The Kubernetes API does not answer. Is it running, and does the kubeconfig name it?"));
    }
}

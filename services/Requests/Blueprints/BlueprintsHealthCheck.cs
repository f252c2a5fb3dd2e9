using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Workspaces.Requests.Blueprints;

/// <summary>Not ready without a good set. A last good one is good enough: its operator hears of the new problems by log and here.</summary>
public sealed class BlueprintsHealthCheck(BlueprintCatalog catalog) : IHealthCheck
{
    private const int MaxShown = 5;

    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var problems = string.Join(" ", catalog.Problems.Take(MaxShown));
        return Task.FromResult(catalog switch
        {
            { Current: null } => HealthCheckResult.Unhealthy($"There is no good set of blueprints. {problems}"),
            { Problems.Count: > 0 } => HealthCheckResult.Healthy($"The last good set of blueprints is in use; the folder has {catalog.Problems.Count} problems. {problems}"),
            _ => HealthCheckResult.Healthy($"{catalog.Current.Templates.Count} blueprints."),
        });
    }
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>DaemonSets.</summary>
internal sealed class DaemonSetRules : WorkloadRules
{
    private static readonly string[] Strategies = ["OnDelete", "RollingUpdate"];

    protected override void DefaultWorkload(JsonObject spec)
    {
        spec.SetDefault("revisionHistoryLimit", 10L);
        var strategy = spec.Ensure("updateStrategy");
        strategy.SetDefault("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.SetDefault("maxSurge", 0L);
            rolling.SetDefault("maxUnavailable", 1L);
        }
    }

    protected override void ValidateWorkload(JsonObject spec, List<FieldError> errors) =>
        PodValidation.OneOf(spec["updateStrategy"]!.AsObject(), "spec.updateStrategy", "type", Strategies, errors);
}

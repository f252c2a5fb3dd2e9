using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Deployments.</summary>
internal sealed class DeploymentRules : WorkloadRules
{
    private static readonly string[] Strategies = ["Recreate", "RollingUpdate"];

    /// <summary>Annotations count too: the controller copies them to the ReplicaSets.</summary>
    public override bool ChangesGeneration(JsonObject obj, JsonObject old) =>
        base.ChangesGeneration(obj, old) || !JsonNode.DeepEquals(obj.At("metadata", "annotations"), old.At("metadata", "annotations"));

    protected override void DefaultWorkload(JsonObject spec)
    {
        spec.SetDefault("replicas", 1L);
        spec.SetDefault("revisionHistoryLimit", 10L);
        spec.SetDefault("progressDeadlineSeconds", 600L);
        var strategy = spec.Ensure("strategy");
        strategy.SetDefault("type", "RollingUpdate");
        if (strategy.Text("type") == "RollingUpdate")
        {
            var rolling = strategy.Ensure("rollingUpdate");
            rolling.SetDefault("maxUnavailable", "25%");
            rolling.SetDefault("maxSurge", "25%");
        }
    }

    protected override void ValidateWorkload(JsonObject spec, List<FieldError> errors)
    {
        Strategy(spec["strategy"]!.AsObject(), "spec.strategy", errors);
        Checks.NotNegative(spec, "minReadySeconds", "spec", errors);
        Checks.NotNegative(spec, "revisionHistoryLimit", "spec", errors);
        Checks.NotNegative(spec, "progressDeadlineSeconds", "spec", errors);
        if (spec.Number("progressDeadlineSeconds") is { } deadline && deadline <= (spec.Number("minReadySeconds") ?? 0))
        {
            errors.Add(FieldError.Invalid("spec.progressDeadlineSeconds", $"{deadline}", "must be greater than minReadySeconds"));
        }
    }

    private static void Strategy(JsonObject strategy, string at, List<FieldError> errors)
    {
        var rolling = strategy["rollingUpdate"];
        switch (strategy.Text("type"))
        {
            case "Recreate":
                if (rolling is not null)
                {
                    errors.Add(FieldError.Forbidden($"{at}.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
                }

                break;
            case "RollingUpdate":
                var (unavailable, surge) = (rolling.At("maxUnavailable"), rolling.At("maxSurge"));
                Checks.CountOrPercent(unavailable, $"{at}.rollingUpdate.maxUnavailable", errors);
                Checks.CountOrPercent(surge, $"{at}.rollingUpdate.maxSurge", errors);
                if (Checks.CountOf(unavailable) == 0 && Checks.CountOf(surge) == 0)
                {
                    errors.Add(FieldError.Invalid($"{at}.rollingUpdate.maxUnavailable", GoStructs.Any(unavailable), "may not be 0 when `maxSurge` is 0"));
                }

                Checks.AtMostAll(unavailable, $"{at}.rollingUpdate.maxUnavailable", errors);
                break;
            default:
                errors.Add(FieldError.NotSupported(at, GoStructs.Strategy(strategy, GoStructs.SurgeUpdate), Strategies));
                break;
        }
    }
}

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
        var strategy = spec["strategy"]!.AsObject();
        PodValidation.OneOf(strategy, "spec.strategy", "type", Strategies, errors);
        if (strategy.Text("type") == "Recreate" && strategy["rollingUpdate"] is not null)
        {
            errors.Add(FieldError.Forbidden("spec.strategy.rollingUpdate", "may not be specified when strategy `type` is 'Recreate'"));
        }

        if (strategy["rollingUpdate"] is { } rolling && IsNothing(rolling["maxSurge"]) && IsNothing(rolling["maxUnavailable"]))
        {
            errors.Add(FieldError.Invalid("spec.strategy.rollingUpdate.maxUnavailable", $"{rolling["maxUnavailable"]}", "may not be 0 when `maxSurge` is 0"));
        }

        if (spec.Number("progressDeadlineSeconds") is { } deadline && deadline <= (spec.Number("minReadySeconds") ?? 0))
        {
            errors.Add(FieldError.Invalid("spec.progressDeadlineSeconds", $"{deadline}", "must be greater than minReadySeconds"));
        }
    }

    private static bool IsNothing(JsonNode? value) => value?.ToString() is "0" or "0%";
}

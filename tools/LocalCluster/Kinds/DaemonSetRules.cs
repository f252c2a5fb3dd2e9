using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>DaemonSets.</summary>
internal sealed class DaemonSetRules : WorkloadRules
{
    private static readonly string[] Strategies = ["OnDelete", "RollingUpdate"];

    /// <summary>How often the template changed, in an annotation that only the server writes.</summary>
    private const string TemplateGeneration = "deprecated.daemonset.template.generation";

    public override void PrepareCreate(JsonObject obj, KindContext context) => SetGeneration(obj, 1);

    public override void PrepareUpdate(JsonObject obj, JsonObject old, KindContext context)
    {
        var before = long.TryParse(old.Text("metadata", "annotations", TemplateGeneration), CultureInfo.InvariantCulture, out var known) ? known : 1;
        SetGeneration(obj, JsonNode.DeepEquals(obj.At("spec", "template"), old.At("spec", "template")) ? before : before + 1);
    }

    private static void SetGeneration(JsonObject obj, long generation) =>
        obj["metadata"]!.AsObject().Ensure("annotations")[TemplateGeneration] = generation.ToString(CultureInfo.InvariantCulture);

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

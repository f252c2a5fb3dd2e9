using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>DaemonSets.</summary>
internal sealed class DaemonSetRules : WorkloadRules
{
    private static readonly string[] Strategies = ["RollingUpdate", "OnDelete"];

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

    protected override string SelectorWord => "daemonset";

    protected override string DeadlineWord => "DaemonSet";

    protected override bool NeedsSelector => false;

    protected override bool WarnsOfName => false;

    protected override void ValidateFirst(JsonObject spec, List<FieldError> errors)
    {
    }

    /// <summary>What is wrong in the selector was said; the template is looked at all the same.</summary>
    protected override bool WrongSelector(JsonObject selector, List<FieldError> errors) => true;

    protected override void ValidateWorkload(JsonObject spec, List<FieldError> errors)
    {
        Checks.NotNegative(spec, "minReadySeconds", "spec", errors);
        var strategy = spec["updateStrategy"]!.AsObject();
        if (strategy.Text("type") == "RollingUpdate")
        {
            Rolling(strategy["rollingUpdate"], "spec.updateStrategy.rollingUpdate", errors);
        }
        else if (strategy.Text("type") != "OnDelete")
        {
            errors.Add(FieldError.NotSupported("spec.updateStrategy", GoStructs.Strategy(strategy, GoStructs.SurgeUpdate), Strategies));
        }

        Checks.NotNegative(spec, "revisionHistoryLimit", "spec", errors);
    }

    private static void Rolling(JsonNode? rolling, string at, List<FieldError> errors)
    {
        var (unavailable, surge) = (rolling.At("maxUnavailable"), rolling.At("maxSurge"));
        Checks.CountOrPercent(unavailable, $"{at}.maxUnavailable", errors);
        Checks.CountOrPercent(surge, $"{at}.maxSurge", errors);
        Checks.AtMostAll(unavailable, $"{at}.maxUnavailable", errors);
        Checks.AtMostAll(surge, $"{at}.maxSurge", errors);
        if (Checks.CountOf(unavailable) != 0 && Checks.CountOf(surge) != 0)
        {
            errors.Add(FieldError.Invalid($"{at}.maxSurge", GoStructs.Any(surge), "may not be set when maxUnavailable is non-zero"));
        }
        else if (Checks.CountOf(unavailable) == 0 && Checks.CountOf(surge) == 0)
        {
            errors.Add(FieldError.Required($"{at}.maxUnavailable", "cannot be 0 when maxSurge is 0"));
        }
    }
}

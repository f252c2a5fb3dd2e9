using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>PodDisruptionBudgets: one of minAvailable and maxUnavailable.</summary>
internal sealed class DisruptionBudgetRules : KindRules
{
    private static readonly string[] Policies = ["AlwaysAllow", "IfHealthyBudget"];

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var spec = obj["spec"];
        if (spec.At("minAvailable") is not null && spec.At("maxUnavailable") is not null)
        {
            errors.Add(FieldError.Invalid("spec", GoStructs.Budget(spec), "minAvailable and maxUnavailable cannot be both set"));
        }

        foreach (var name in (string[])["minAvailable", "maxUnavailable"])
        {
            Checks.CountOrPercent(spec.At(name), $"spec.{name}", errors);
            Checks.AtMostAll(spec.At(name), $"spec.{name}", errors);
        }

        Checks.Selector(spec.At("selector"), "spec.selector", errors);
        Checks.Known(spec, "unhealthyPodEvictionPolicy", "spec", Policies, errors);
    }
}

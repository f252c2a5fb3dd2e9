using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>PodDisruptionBudgets: one of minAvailable and maxUnavailable.</summary>
internal sealed class DisruptionBudgetRules : KindRules
{
    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        if (obj.At("spec", "minAvailable") is not null && obj.At("spec", "maxUnavailable") is not null)
        {
            errors.Add(FieldError.Invalid("spec", "{}", "minAvailable and maxUnavailable cannot be both set"));
        }
    }
}

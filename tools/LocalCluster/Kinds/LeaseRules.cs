using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Leases: their numbers make sense.</summary>
internal sealed class LeaseRules : KindRules
{
    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        if (obj.Number("spec", "leaseDurationSeconds") is <= 0 and var seconds)
        {
            errors.Add(FieldError.Invalid("spec.leaseDurationSeconds", $"{seconds}", "must be greater than 0"));
        }

        if (obj.Number("spec", "leaseTransitions") is < 0 and var transitions)
        {
            errors.Add(FieldError.Invalid("spec.leaseTransitions", $"{transitions}", "must be greater than or equal to 0"));
        }
    }
}

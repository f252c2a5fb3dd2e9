using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>NetworkPolicies.</summary>
internal sealed class NetworkPolicyRules : KindRules
{
    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        foreach (var port in spec.Objects("ingress").Concat(spec.Objects("egress")).SelectMany(r => r.Objects("ports")))
        {
            port.SetDefault("protocol", "TCP");
        }

        spec.SetDefault("policyTypes", spec["egress"] is null ? new JsonArray("Ingress") : new JsonArray("Ingress", "Egress"));
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var index = 0;
        foreach (var type in obj.At("spec", "policyTypes") as JsonArray ?? [])
        {
            if ((string?)type is not ("Ingress" or "Egress"))
            {
                errors.Add(FieldError.NotSupported($"spec.policyTypes[{index}]", FieldError.Quote((string?)type), "Egress", "Ingress"));
            }

            index++;
        }
    }
}

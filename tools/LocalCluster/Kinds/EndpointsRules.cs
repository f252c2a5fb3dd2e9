using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Endpoints: what EndpointSlices have taken the place of.</summary>
internal sealed class EndpointsRules : KindRules
{
    public override void Default(JsonObject obj)
    {
        foreach (var port in obj.Objects("subsets").SelectMany(s => s.Objects("ports")))
        {
            port.SetDefault("protocol", "TCP");
        }
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var index = 0;
        foreach (var subset in obj.Objects("subsets"))
        {
            var at = $"subsets[{index++}]";
            foreach (var list in (string[])["addresses", "notReadyAddresses"])
            {
                var inner = 0;
                foreach (var address in subset.Objects(list))
                {
                    Checks.Address(address.Text("ip") ?? "", $"{at}.{list}[{inner++}].ip", errors);
                }
            }

            var number = 0;
            foreach (var port in subset.Objects("ports"))
            {
                PortRules.Number(port.Number("port") ?? 0, $"{at}.ports[{number}].port", errors);
                PortRules.Protocol(port, $"{at}.ports[{number++}]", errors);
            }
        }
    }

    public override void Warn(JsonObject obj, JsonObject? old, ICollection<string> warnings) =>
        warnings.Add("v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice");
}

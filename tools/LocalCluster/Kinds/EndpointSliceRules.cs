using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>EndpointSlices: addresses of a known type.</summary>
internal sealed class EndpointSliceRules : KindRules
{
    private static readonly string[] AddressTypes = ["FQDN", "IPv4", "IPv6"];

    public override void Default(JsonObject obj)
    {
        foreach (var port in obj.Objects("ports"))
        {
            port.SetDefault("protocol", "TCP");
        }
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var type = obj.Text("addressType") ?? "";
        if (type.Length == 0)
        {
            errors.Add(FieldError.Required("addressType"));
        }
        else if (!AddressTypes.Contains(type))
        {
            errors.Add(FieldError.NotSupported("addressType", FieldError.Quote(type), AddressTypes));
        }

        var index = 0;
        foreach (var endpoint in obj.Objects("endpoints"))
        {
            var at = $"endpoints[{index++}].addresses";
            var addresses = endpoint["addresses"] as JsonArray ?? [];
            if (addresses.Count == 0)
            {
                errors.Add(FieldError.Required(at, "must contain at least 1 address"));
            }

            for (var i = 0; i < addresses.Count && type is ("IPv4" or "IPv6"); i++)
            {
                Checks.Address((string?)addresses[i] ?? "", $"{at}[{i}]", errors);
            }
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (obj.Text("addressType") != old.Text("addressType"))
        {
            errors.Add(FieldError.Invalid("addressType", FieldError.Quote(obj.Text("addressType")), "field is immutable"));
        }
    }
}

using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>NetworkPolicies.</summary>
internal sealed class NetworkPolicyRules : KindRules
{
    private static readonly string[] PolicyTypes = ["Ingress", "Egress"];
    private static readonly string[] Protocols = ["TCP", "UDP", "SCTP"];

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
        var spec = obj["spec"];
        Checks.Selector(spec.At("podSelector"), "spec.podSelector", errors);
        Rules(spec, "ingress", "from", errors);
        Rules(spec, "egress", "to", errors);
        var types = spec.At("policyTypes") as JsonArray ?? [];
        if (types.Count > PolicyTypes.Length)
        {
            errors.Add(FieldError.Invalid("spec.policyTypes", GoStructs.Any(types), "may not specify more than two policyTypes"));
            return;
        }

        for (var i = 0; i < types.Count; i++)
        {
            if (!PolicyTypes.Contains((string?)types[i]))
            {
                errors.Add(FieldError.NotSupported($"spec.policyTypes[{i}]", FieldError.Quote((string?)types[i]), PolicyTypes));
            }
        }
    }

    private static void Rules(JsonNode? spec, string direction, string peers, List<FieldError> errors)
    {
        var index = 0;
        foreach (var rule in spec.Objects(direction))
        {
            var at = $"spec.{direction}[{index++}]";
            var inner = 0;
            foreach (var port in rule.Objects("ports"))
            {
                Port(port, $"{at}.ports[{inner++}]", errors);
            }

            inner = 0;
            foreach (var peer in rule.Objects(peers))
            {
                Peer(peer, $"{at}.{peers}[{inner++}]", errors);
            }
        }
    }

    private static void Port(JsonObject port, string at, List<FieldError> errors)
    {
        Checks.Known(port, "protocol", at, Protocols, errors);
        var end = port.Number("endPort");
        switch (port["port"])
        {
            case null:
                if (end is not null)
                {
                    errors.Add(FieldError.Invalid($"{at}.endPort", $"{end}", "may not be specified when `port` is not specified"));
                }

                break;
            case JsonValue value when value.GetValueKind() == System.Text.Json.JsonValueKind.String:
                if (end is not null)
                {
                    errors.Add(FieldError.Invalid($"{at}.endPort", $"{end}", "may not be specified when `port` is non-numeric"));
                }

                Checks.Port(value, $"{at}.port", errors);
                break;
            case var number:
                Checks.Port(number, $"{at}.port", errors);
                if (end < number.Number())
                {
                    errors.Add(FieldError.Invalid($"{at}.endPort", $"{number.Number()}", "must be greater than or equal to `port`"));
                }

                if (end is not null)
                {
                    PortRules.Number(end.Value, $"{at}.endPort", errors);
                }

                break;
        }
    }

    private static void Peer(JsonObject peer, string at, List<FieldError> errors)
    {
        Checks.Selector(peer["podSelector"], $"{at}.podSelector", errors);
        Checks.Selector(peer["namespaceSelector"], $"{at}.namespaceSelector", errors);
        if (peer["ipBlock"] is JsonObject block)
        {
            Block(block, $"{at}.ipBlock", errors);
        }

        var given = ((string[])["podSelector", "namespaceSelector", "ipBlock"]).Count(p => peer[p] is JsonObject);
        if (given == 0)
        {
            errors.Add(FieldError.Required(at, "must specify a peer"));
        }
        else if (given > 1 && peer["ipBlock"] is not null)
        {
            errors.Add(FieldError.Forbidden(at, "may not specify both ipBlock and another peer"));
        }
    }

    private static void Block(JsonObject block, string at, List<FieldError> errors)
    {
        var range = block.Text("cidr") ?? "";
        if (range.Length == 0)
        {
            errors.Add(FieldError.Required($"{at}.cidr"));
            return;
        }

        Range(range, $"{at}.cidr", errors);
        if (!IPNetwork.TryParse(range, out var network))
        {
            return;
        }

        var except = block["except"] as JsonArray ?? [];
        for (var i = 0; i < except.Count; i++)
        {
            var text = (string?)except[i] ?? "";
            Range(text, $"{at}.except[{i}]", errors);
            if (IPNetwork.TryParse(text, out var inner) && (!network.Contains(inner.BaseAddress) || network.PrefixLength >= inner.PrefixLength))
            {
                errors.Add(FieldError.Invalid($"{at}.except[{i}]", FieldError.Quote(text), "must be a strict subset of `cidr`"));
            }
        }
    }

    /// <summary>A range of addresses whose host bits are zero.</summary>
    private static void Range(string text, string at, List<FieldError> errors)
    {
        var before = errors.Count;
        Checks.Range(text, at, errors);
        if (errors.Count == before && !(IPNetwork.TryParse(text, out var network) && network.BaseAddress.Equals(IPAddress.Parse(text.Split('/')[0]))))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(text), "must not have bits set beyond the prefix length"));
        }
    }
}

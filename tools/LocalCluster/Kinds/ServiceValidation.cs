using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What makes a Service invalid, in the API server's words and order.</summary>
internal static class ServiceValidation
{
    private const string OnlyBalanced = "may only be used when `type` is 'LoadBalancer'";
    private const long LongestAffinity = 86400;

    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    private static readonly string[] Affinities = ["ClientIP", "None"];
    private static readonly string[] Families = ["IPv4", "IPv6"];
    private static readonly string[] FamilyPolicies = ["PreferDualStack", "RequireDualStack", "SingleStack"];
    private static readonly string[] TrafficPolicies = ["Cluster", "Local"];
    private static readonly string[] Distributions = ["PreferClose", "PreferSameZone", "PreferSameNode"];

    public static void Validate(JsonObject spec, List<FieldError> errors)
    {
        var type = spec.Text("type") ?? "";
        var isHeadless = spec.Text("clusterIP") == "None";
        var ports = spec.Objects("ports").ToList();
        if (ports.Count == 0 && !isHeadless && type != "ExternalName")
        {
            errors.Add(FieldError.Required("spec.ports"));
        }

        if (isHeadless && type is "LoadBalancer" or "NodePort")
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", "\"None\"", $"may not be set to 'None' for {type} services"));
        }

        if (type == "ExternalName")
        {
            ExternalName(spec, errors);
        }

        var names = new HashSet<string>();
        for (var i = 0; i < ports.Count; i++)
        {
            PortRules.ServicePort(ports[i], $"spec.ports[{i}]", ports.Count > 1, names, errors);
        }

        MetadataRules.Labels(spec["selector"] as JsonObject, "spec.selector", errors);
        Affinity(spec, errors);
        if (type != "ExternalName")
        {
            Addresses(spec, isHeadless, errors);
        }

        ExternalAddresses(spec, errors);
        if (!Types.Contains(type))
        {
            errors.Add(FieldError.NotSupported("spec.type", FieldError.Quote(type), Types));
        }

        Repeated(ports, type, errors);
        Balancing(spec, type, errors);
        Traffic(spec, type, errors);
        Checks.Known(spec, "trafficDistribution", "spec", Distributions, errors);
    }

    private static void ExternalName(JsonObject spec, List<FieldError> errors)
    {
        foreach (var field in (string[])["clusterIPs", "ipFamilies"])
        {
            if (spec[field] is JsonArray { Count: > 0 })
            {
                errors.Add(FieldError.Forbidden($"spec.{field}", "may not be set for ExternalName services"));
            }
        }

        if (spec["ipFamilyPolicy"] is not null)
        {
            errors.Add(FieldError.Forbidden("spec.ipFamilyPolicy", "may not be set for ExternalName services"));
        }

        var name = spec.Text("externalName") ?? "";
        name = name.EndsWith('.') ? name[..^1] : name;
        if (name.Length == 0)
        {
            errors.Add(FieldError.Required("spec.externalName"));
        }
        else if (Names.WrongSubdomain(name) is { } wrong)
        {
            errors.Add(FieldError.Invalid("spec.externalName", FieldError.Quote(name), wrong));
        }
    }

    private static void Affinity(JsonObject spec, List<FieldError> errors)
    {
        Checks.Given(spec, "sessionAffinity", "spec", errors);
        Checks.Known(spec, "sessionAffinity", "spec", Affinities, errors);
        if (spec.Text("sessionAffinity") == "ClientIP" && spec.Number("sessionAffinityConfig", "clientIP", "timeoutSeconds") is { } seconds && seconds is <= 0 or > LongestAffinity)
        {
            errors.Add(FieldError.Invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", $"{seconds}", $"must be greater than 0 and less than {LongestAffinity}"));
        }

        if (spec.Text("sessionAffinity") == "None" && spec["sessionAffinityConfig"] is not null)
        {
            errors.Add(FieldError.Forbidden("spec.sessionAffinityConfig", "must not be set when session affinity is None"));
        }
    }

    private static void Addresses(JsonObject spec, bool isHeadless, List<FieldError> errors)
    {
        var addresses = spec["clusterIPs"] as JsonArray ?? [];
        if (spec.Text("clusterIP") is { Length: > 0 } first && addresses.Count > 0 && (string?)addresses[0] != first)
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs", GoStructs.Any(addresses), "first value must match `clusterIP`"));
        }

        var families = spec["ipFamilies"] as JsonArray ?? [];
        var seen = new HashSet<string>();
        for (var i = 0; i < families.Count; i++)
        {
            var family = (string?)families[i] ?? "";
            if (!Families.Contains(family))
            {
                errors.Add(FieldError.NotSupported($"spec.ipFamilies[{i}]", FieldError.Quote(family), Families));
            }

            if (!seen.Add(family))
            {
                errors.Add(FieldError.Duplicate($"spec.ipFamilies[{i}]", FieldError.Quote(family)));
            }
        }

        Checks.Known(spec, "ipFamilyPolicy", "spec", FamilyPolicies, errors);
        for (var i = 0; i < addresses.Count && !isHeadless; i++)
        {
            Checks.Address((string?)addresses[i] ?? "", $"spec.clusterIPs[{i}]", errors);
        }

        if (addresses.Count > 2)
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs", GoStructs.Any(addresses), "may only hold up to 2 values"));
        }
    }

    private static void ExternalAddresses(JsonObject spec, List<FieldError> errors)
    {
        var addresses = spec["externalIPs"] as JsonArray ?? [];
        for (var i = 0; i < addresses.Count; i++)
        {
            var (text, at, before) = ((string?)addresses[i] ?? "", $"spec.externalIPs[{i}]", errors.Count);
            Checks.Address(text, at, errors);
            if (errors.Count > before)
            {
                continue;
            }

            var address = IPAddress.Parse(text);
            var why = address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? $"may not be unspecified ({text})"
                : IPAddress.IsLoopback(address) ? "may not be in the loopback range (127.0.0.0/8, ::1/128)"
                : address.IsIPv6LinkLocal || text.StartsWith("169.254.", StringComparison.Ordinal) ? "may not be in the link-local range (169.254.0.0/16, fe80::/10)"
                : null;
            if (why is not null)
            {
                errors.Add(FieldError.Invalid(at, FieldError.Quote(text), why));
            }
        }
    }

    /// <summary>Each port once, on the Service and on the nodes.</summary>
    private static void Repeated(List<JsonObject> ports, string type, List<FieldError> errors)
    {
        if (type == "ClusterIP")
        {
            errors.AddRange(ports.Select((p, i) => (Port: p, Index: i)).Where(p => (p.Port.Number("nodePort") ?? 0) != 0)
                .Select(p => FieldError.Forbidden($"spec.ports[{p.Index}].nodePort", "may not be used when `type` is 'ClusterIP'")));
        }

        var (onNodes, known) = (new HashSet<string>(), new HashSet<string>());
        for (var i = 0; i < ports.Count; i++)
        {
            if (ports[i].Number("nodePort") is not (null or 0) and var node && !onNodes.Add($"{ports[i].Text("protocol")}/{node}"))
            {
                errors.Add(FieldError.Duplicate($"spec.ports[{i}].nodePort", $"{node}"));
            }
        }

        for (var i = 0; i < ports.Count; i++)
        {
            var (protocol, port) = (ports[i].Text("protocol") ?? "", ports[i].Number("port") ?? 0);
            if (!known.Add($"{protocol}/{port}"))
            {
                errors.Add(FieldError.Duplicate($"spec.ports[{i}]", GoStructs.ServicePort(protocol, port)));
            }
        }
    }

    private static void Balancing(JsonObject spec, string type, List<FieldError> errors)
    {
        const string Ranges = "spec.LoadBalancerSourceRanges";
        var ranges = spec["loadBalancerSourceRanges"] as JsonArray ?? [];
        if (ranges.Count > 0 && type != "LoadBalancer")
        {
            errors.Add(FieldError.Forbidden(Ranges, OnlyBalanced));
        }

        for (var i = 0; i < ranges.Count; i++)
        {
            Checks.Range(((string?)ranges[i] ?? "").Trim(), $"{Ranges}[{i}]", errors);
        }

        if (spec["allocateLoadBalancerNodePorts"] is not null && type != "LoadBalancer")
        {
            errors.Add(FieldError.Forbidden("spec.allocateLoadBalancerNodePorts", OnlyBalanced));
        }

        if (spec.Text("loadBalancerClass") is not { } balancer)
        {
            return;
        }

        if (type == "LoadBalancer")
        {
            Checks.QualifiedName(balancer, "spec.loadBalancerClass", errors);
        }
        else
        {
            errors.Add(FieldError.Forbidden("spec.loadBalancerClass", OnlyBalanced));
        }
    }

    private static void Traffic(JsonObject spec, string type, List<FieldError> errors)
    {
        var outside = type is "NodePort" or "LoadBalancer" || (type == "ClusterIP" && spec["externalIPs"] is JsonArray { Count: > 0 });
        var policy = spec.Text("externalTrafficPolicy") ?? "";
        if (outside)
        {
            Checks.Given(spec, "externalTrafficPolicy", "spec", errors);
            if (policy.Length > 0)
            {
                Checks.Known(spec, "externalTrafficPolicy", "spec", TrafficPolicies, errors);
            }
        }
        else if (policy.Length > 0)
        {
            errors.Add(FieldError.Invalid("spec.externalTrafficPolicy", FieldError.Quote(policy), "may only be set for externally-accessible services"));
        }

        if (spec.Number("healthCheckNodePort") is not (null or 0) and var health && !(type == "LoadBalancer" && policy == "Local"))
        {
            errors.Add(FieldError.Invalid(
                "spec.healthCheckNodePort", $"{health}", "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'"));
        }

        Checks.Known(spec, "internalTrafficPolicy", "spec", TrafficPolicies, errors);
    }
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Services: ports, the address in the cluster, and what of them cannot change.</summary>
internal sealed class ServiceRules : KindRules
{
    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];

    public override void Default(JsonObject obj)
    {
        var spec = obj.Ensure("spec");
        spec.SetDefault("sessionAffinity", "None");
        spec.SetDefault("type", "ClusterIP");
        foreach (var port in spec.Objects("ports"))
        {
            port.SetDefault("protocol", "TCP");
            if (port["targetPort"] is null or JsonValue && port["targetPort"]?.ToString() is null or "0" or "")
            {
                port["targetPort"] = port["port"]?.DeepClone();
            }
        }

        if (spec.Text("sessionAffinity") == "ClientIP" && spec.At("sessionAffinityConfig", "clientIP", "timeoutSeconds") is null)
        {
            spec.Ensure("sessionAffinityConfig").Ensure("clientIP")["timeoutSeconds"] = 10800L;
        }

        var type = spec.Text("type");
        if (type is "NodePort" or "LoadBalancer")
        {
            spec.SetDefault("externalTrafficPolicy", "Cluster");
        }

        if (type == "LoadBalancer")
        {
            spec.SetDefault("allocateLoadBalancerNodePorts", true);
        }

        if (type != "ExternalName")
        {
            spec.SetDefault("internalTrafficPolicy", "Cluster");
        }
    }

    public override void PrepareCreate(JsonObject obj, KindContext context)
    {
        obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        Allocate(obj, context);
    }

    public override void PrepareUpdate(JsonObject obj, JsonObject old, KindContext context)
    {
        // A client that read before the address was set, or that never sends it, keeps the address.
        var (spec, oldSpec) = (obj["spec"]!.AsObject(), old["spec"]!.AsObject());
        if (spec.Text("type") != "ExternalName" && oldSpec.Text("type") != "ExternalName")
        {
            foreach (var field in new[] { "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy" })
            {
                if (spec[field] is null && oldSpec[field] is { } kept)
                {
                    spec[field] = kept.DeepClone();
                }
            }
        }

        Allocate(obj, context);
    }

    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var spec = obj["spec"]!.AsObject();
        var type = spec.Text("type") ?? "";
        if (!Types.Contains(type))
        {
            errors.Add(FieldError.NotSupported("spec.type", FieldError.Quote(type), Types));
        }

        var ports = spec.Objects("ports").ToList();
        if (ports.Count == 0 && type != "ExternalName" && spec.Text("clusterIP") != "None")
        {
            errors.Add(FieldError.Required("spec.ports"));
        }

        var names = new HashSet<string>();
        for (var i = 0; i < ports.Count; i++)
        {
            PortRules.ServicePort(ports[i], $"spec.ports[{i}]", ports.Count > 1, names, errors);
        }

        if (type == "ExternalName" && string.IsNullOrEmpty(spec.Text("externalName")))
        {
            errors.Add(FieldError.Required("spec.externalName"));
        }

        MetadataRules.Labels(spec["selector"] as JsonObject, "spec.selector", errors);
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        var (now, before) = (obj.Text("spec", "clusterIP"), old.Text("spec", "clusterIP"));
        if (!string.IsNullOrEmpty(before) && now != before && obj.Text("spec", "type") != "ExternalName" && old.Text("spec", "type") != "ExternalName")
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", $"[\"{now}\"]", "may not change once set"));
        }
    }

    public override string? WrongName(string name) => Names.WrongServiceName(name);

    private static void Allocate(JsonObject obj, KindContext context)
    {
        var spec = obj["spec"]!.AsObject();
        if (spec.Text("type") == "ExternalName")
        {
            spec.Remove("clusterIP");
            spec.Remove("clusterIPs");
            return;
        }

        if (string.IsNullOrEmpty(spec.Text("clusterIP")))
        {
            spec["clusterIP"] = ServiceAddresses.Free(context.Store);
        }

        spec.SetDefault("clusterIPs", new JsonArray(spec.Text("clusterIP")));
        spec.SetDefault("ipFamilies", new JsonArray("IPv4"));
        spec.SetDefault("ipFamilyPolicy", "SingleStack");
        if (spec.Text("type") is "NodePort" or "LoadBalancer")
        {
            foreach (var port in spec.Objects("ports"))
            {
                port.SetDefault("nodePort", ServiceAddresses.FreeNodePort(context.Store, spec));
            }
        }
    }
}

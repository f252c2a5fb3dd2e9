using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Services: ports, the address in the cluster, and what of them cannot change.</summary>
internal sealed class ServiceRules : KindRules
{
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

        if (spec.Text("sessionAffinity") == "None")
        {
            spec.Remove("sessionAffinityConfig");
        }

        if (spec.Text("sessionAffinity") == "ClientIP" && spec.At("sessionAffinityConfig", "clientIP", "timeoutSeconds") is null)
        {
            spec.Ensure("sessionAffinityConfig").Ensure("clientIP")["timeoutSeconds"] = 10800L;
        }

        var type = spec.Text("type");
        if (type is "NodePort" or "LoadBalancer" || (type == "ClusterIP" && spec["externalIPs"] is JsonArray { Count: > 0 }))
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
        ServiceAddresses.CheckWanted(obj, context.Store);
        if (obj.Text("spec", "clusterIP") is { Length: > 0 } address)
        {
            obj["spec"]!.AsObject().SetDefault("clusterIPs", new JsonArray(address));
        }

        obj["status"] = new JsonObject { ["loadBalancer"] = new JsonObject() };
        Allocate(obj, context);
    }

    public override void PrepareUpdate(JsonObject obj, JsonObject old, KindContext context)
    {
        ServiceTypeFields.Drop(obj["spec"]!.AsObject(), old["spec"]!.AsObject());

        // The older field alone can be written; the newer one follows it.
        if (obj.Text("spec", "clusterIP") is { Length: > 0 } changed && changed != old.Text("spec", "clusterIP") && JsonNode.DeepEquals(obj.At("spec", "clusterIPs"), old.At("spec", "clusterIPs")))
        {
            obj["spec"]!["clusterIPs"] = new JsonArray(changed);
        }

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

    public override void Validate(JsonObject obj, List<FieldError> errors) => ServiceValidation.Validate(obj["spec"]!.AsObject(), errors);

    public override void Warn(JsonObject obj, JsonObject? old, ICollection<string> warnings)
    {
        const string Hints = "service.kubernetes.io/topology-aware-hints";
        var spec = obj["spec"]!.AsObject();
        if (obj.Text("metadata", "annotations", Hints) is not null)
        {
            warnings.Add($"annotation {Hints} is deprecated, please use service.kubernetes.io/topology-mode instead");
        }

        var (isHeadless, hasExternal) = (spec.Text("clusterIP") == "None", spec["externalIPs"] is JsonArray { Count: > 0 });
        if (isHeadless)
        {
            Add(!string.IsNullOrEmpty(spec.Text("loadBalancerIP")), "spec.loadBalancerIP is ignored for headless services");
            Add(hasExternal, "spec.externalIPs is ignored for headless services");
            Add(spec.Text("sessionAffinity") != "None", "spec.SessionAffinity is ignored for headless services");
        }

        var isName = spec.Text("type") == "ExternalName";
        Add(hasExternal && !isHeadless && !isName, "spec.externalIPs is deprecated and may no longer be implemented in some clusters");
        Add(hasExternal && isName, "spec.externalIPs is ignored when spec.type is \"ExternalName\"");
        Add(!isName && !string.IsNullOrEmpty(spec.Text("externalName")), "spec.externalName is ignored when spec.type is not \"ExternalName\"");
        Add(spec.Text("trafficDistribution") == "PreferClose", "spec.trafficDistribution: \"PreferClose\" is deprecated; use \"PreferSameZone\"");

        void Add(bool applies, string text)
        {
            if (applies)
            {
                warnings.Add(text);
            }
        }
    }

    public override void ValidateUpdate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        var (now, before) = (obj.Text("spec", "clusterIP"), old.Text("spec", "clusterIP"));
        if (!string.IsNullOrEmpty(before) && now != before && obj.Text("spec", "type") != "ExternalName" && old.Text("spec", "type") != "ExternalName")
        {
            errors.Add(FieldError.Invalid("spec.clusterIPs[0]", $"[\"{now}\"]", "may not change once set"));
        }
    }

    public override string? WrongName(string name) => Names.WrongLabel(name);

    private static void Allocate(JsonObject obj, KindContext context)
    {
        var spec = obj["spec"]!.AsObject();
        if (spec.Text("type") == "ExternalName")
        {
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

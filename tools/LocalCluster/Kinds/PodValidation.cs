using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds.PodSpecs;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What makes a pod spec invalid, in the API server's words and order. Each part has its own checks in PodSpecs.</summary>
internal static class PodValidation
{
    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];
    private static readonly string[] DnsPolicies = ["ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"];
    private static readonly string[] PreemptionPolicies = ["PreemptLowerPriority", "Never"];

    public static void Spec(JsonObject spec, string field, bool isTemplate, List<FieldError> errors)
    {
        var pod = new PodSpecContext(spec, field, VolumeValidation.Check(spec, field, errors));
        ContainerValidation.Containers(pod, errors);
        ContainerValidation.InitContainers(pod, errors);
        ContainerValidation.Ephemeral(pod, errors);
        ResourceValidation.OfPod(pod, errors);
        PortValidation.OnHostNetwork(pod, isTemplate, errors);
        OneOf(spec, field, "restartPolicy", RestartPolicies, errors);
        OneOf(spec, field, "dnsPolicy", DnsPolicies, errors);
        MetadataRules.Labels(spec["nodeSelector"] as JsonObject, $"{field}.nodeSelector", errors);
        SecurityContextValidation.OfPod(pod, errors);
        AffinityValidation.OfPod(spec["affinity"], $"{field}.affinity", errors);
        NameResolution.Dns(spec, $"{field}.dnsConfig", errors);
        ReadinessGates(spec, $"{field}.readinessGates", errors);
        SchedulingValidation.Gates(spec, $"{field}.schedulingGates", errors);
        SchedulingValidation.Spread(spec, $"{field}.topologySpreadConstraints", errors);
        HostUsers(pod, errors);
        Checks.Name(spec, "serviceAccountName", field, Names.WrongSubdomain, errors);
        Checks.Name(spec, "nodeName", field, Names.WrongSubdomain, errors);
        if (spec.Number("activeDeadlineSeconds") is (< 1 or > int.MaxValue) and var deadline)
        {
            errors.Add(FieldError.Invalid($"{field}.activeDeadlineSeconds", $"{deadline}", "must be between 1 and 2147483647, inclusive"));
        }

        Checks.Name(spec, "hostname", field, Names.WrongLabel, errors);
        Checks.Name(spec, "subdomain", field, Names.WrongLabel, errors);
        SchedulingValidation.Tolerations(spec, $"{field}.tolerations", errors);
        NameResolution.HostAliases(spec, $"{field}.hostAliases", errors);
        Checks.Name(spec, "priorityClassName", field, Names.WrongSubdomain, errors);
        Checks.Name(spec, "runtimeClassName", field, Names.WrongSubdomain, errors);
        Checks.Known(spec, "preemptionPolicy", field, PreemptionPolicies, errors);
        OperatingSystemValidation.OfPod(pod, errors);
    }

    /// <summary>What is asked of pods and not of templates.</summary>
    public static void PodOnly(JsonObject spec, string field, List<FieldError> errors)
    {
        foreach (var list in (string[])["containers", "initContainers"])
        {
            var index = 0;
            foreach (var container in spec.Objects(list))
            {
                ContainerValidation.Image(container, $"{field}.{list}[{index++}]", errors);
            }
        }
    }

    internal static void OneOf(JsonObject obj, string field, string name, string[] supported, List<FieldError> errors)
    {
        var value = obj.Text(name) ?? "";
        if (value.Length == 0)
        {
            errors.Add(FieldError.Required($"{field}.{name}"));
        }
        else if (!supported.Contains(value))
        {
            errors.Add(FieldError.NotSupported($"{field}.{name}", FieldError.Quote(value), supported));
        }
    }

    private static void ReadinessGates(JsonObject spec, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var gate in spec.Objects("readinessGates"))
        {
            Checks.QualifiedName(gate.Text("conditionType") ?? "", $"{at}[{index++}].conditionType", errors);
        }
    }

    /// <summary>Users of its own go with namespaces of its own.</summary>
    private static void HostUsers(PodSpecContext pod, List<FieldError> errors)
    {
        if (pod.HostUsers)
        {
            return;
        }

        foreach (var (field, shown) in new[] { ("hostNetwork", "hostNetwork"), ("hostPID", "HostPID"), ("hostIPC", "HostIPC") }.Where(f => pod.Spec.Flag(f.Item1) == true))
        {
            errors.Add(FieldError.Forbidden($"{pod.At}.{shown}", "when `hostUsers` is false"));
        }
    }
}

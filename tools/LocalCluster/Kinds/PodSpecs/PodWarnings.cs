using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>What a valid pod or template has that its author probably did not mean, in the API server's words and order.</summary>
internal static class PodWarnings
{
    private const string PodSeccomp = "seccomp.security.alpha.kubernetes.io/pod";
    private const string ContainerSeccomp = "container.seccomp.security.alpha.kubernetes.io/";
    private const string AppArmor = "container.apparmor.security.beta.kubernetes.io/";

    private static readonly Dictionary<string, string> NodeLabels = new()
    {
        ["beta.kubernetes.io/arch"] = "deprecated since v1.14; use \"kubernetes.io/arch\" instead",
        ["beta.kubernetes.io/os"] = "deprecated since v1.14; use \"kubernetes.io/os\" instead",
        ["failure-domain.beta.kubernetes.io/region"] = "deprecated since v1.17; use \"topology.kubernetes.io/region\" instead",
        ["failure-domain.beta.kubernetes.io/zone"] = "deprecated since v1.17; use \"topology.kubernetes.io/zone\" instead",
        ["beta.kubernetes.io/instance-type"] = "deprecated since v1.17; use \"node.kubernetes.io/instance-type\" instead",
        ["app.kubernetes.io/created-by"] = "deprecated since v1.9",
        ["scheduler.alpha.kubernetes.io/preferAvoidPods"] = "deprecated since v1.22; use Taints and Tolerations instead",
        ["node-role.kubernetes.io/master"] = "use \"node-role.kubernetes.io/control-plane\" instead",
    };

    private static readonly Dictionary<string, string> Annotations = new()
    {
        ["scheduler.alpha.kubernetes.io/critical-pod"] = "non-functional in v1.16+; use the \"priorityClassName\" field instead",
        ["security.alpha.kubernetes.io/sysctls"] = "non-functional in v1.11+; use the \"sysctls\" field instead",
        ["security.alpha.kubernetes.io/unsafe-sysctls"] = "non-functional in v1.11+; use the \"sysctls\" field instead",
    };

    private static readonly (string Source, string Shown, string Text)[] Volumes =
    [
        ("photonPersistentDisk", "photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"),
        ("gitRepo", "gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"),
        ("scaleIO", "scaleIO", "deprecated in v1.16, non-functional in v1.22+"),
        ("flocker", "flocker", "deprecated in v1.22, non-functional in v1.25+"),
        ("storageos", "storageOS", "deprecated in v1.22, non-functional in v1.25+"),
        ("quobyte", "quobyte", "deprecated in v1.22, non-functional in v1.25+"),
        ("glusterfs", "glusterfs", "deprecated in v1.25, non-functional in v1.26+"),
        ("cephfs", "cephfs", "deprecated in v1.28, non-functional in v1.31+"),
        ("rbd", "rbd", "deprecated in v1.28, non-functional in v1.31+"),
    ];

    private static readonly string[] Bytes = ["memory", "ephemeral-storage"];

    /// <summary><paramref name="prefix"/> is <c>spec.template.</c> for templates, empty for pods.</summary>
    public static void Of(JsonNode? metadata, JsonObject spec, string prefix, ICollection<string> warnings)
    {
        var annotations = metadata.At("annotations") as JsonObject ?? [];
        if (prefix.Length == 0)
        {
            // The field takes the annotation's place as a pod is made, and so this comes first.
            foreach (var key in Containers(spec).Select(c => AppArmor + c.Container.Text("name")).Where(annotations.ContainsKey))
            {
                warnings.Add($"metadata.annotations[{key}]: deprecated since v1.30; use the \"appArmorProfile\" field instead");
            }
        }

        foreach (var key in (spec["nodeSelector"] as JsonObject ?? []).Select(l => l.Key).Where(NodeLabels.ContainsKey))
        {
            warnings.Add($"{prefix}spec.nodeSelector[{key}]: {NodeLabels[key]}");
        }

        Spreading(spec, prefix, warnings);
        foreach (var (key, text) in Annotations.Where(a => annotations.ContainsKey(a.Key)))
        {
            warnings.Add($"{prefix}metadata.annotations[{key}]: {text}");
        }

        var index = 0;
        foreach (var volume in spec.Objects("volumes"))
        {
            foreach (var (_, shown, text) in Volumes.Where(v => volume[v.Source] is not null))
            {
                warnings.Add($"{prefix}spec.volumes[{index}].{shown}: {text}");
            }

            index++;
        }

        Repeated(spec, "hostAliases", "ip", prefix, warnings);
        Repeated(spec, "imagePullSecrets", "name", prefix, warnings);
        Nameless(spec, prefix, warnings);
        if (spec.At("securityContext", "seccompProfile") is null && annotations.ContainsKey(PodSeccomp))
        {
            warnings.Add($"{prefix}metadata.annotations[{PodSeccomp}]: non-functional in v1.27+; use the \"seccompProfile\" field instead");
        }

        foreach (var (container, at) in Containers(spec))
        {
            OfContainer(container, $"{prefix}{at}", annotations, prefix, warnings);
        }

        PortWarnings.Of(Containers(spec).Select(c => (c.Container, $"{prefix}{c.At}")), warnings);
        if (spec.Number("terminationGracePeriodSeconds") < 0)
        {
            warnings.Add($"{prefix}spec.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1");
        }
    }

    private static IEnumerable<(JsonObject Container, string At)> Containers(JsonObject spec) =>
        ((string[])["initContainers", "containers", "ephemeralContainers"]).SelectMany(list => spec.Objects(list).Select((c, i) => (c, $"spec.{list}[{i}]")));

    private static void Spreading(JsonObject spec, string prefix, ICollection<string> warnings)
    {
        var index = 0;
        foreach (var constraint in spec.Objects("topologySpreadConstraints"))
        {
            var at = $"{prefix}spec.topologySpreadConstraints[{index++}]";
            if (constraint.Text("topologyKey") is { } key && NodeLabels.TryGetValue(key, out var text))
            {
                warnings.Add($"{at}.topologyKey: {key} is {text}");
            }

            if (constraint["labelSelector"] is null)
            {
                warnings.Add($"{at}.labelSelector: a null labelSelector results in matching no pod");
            }
        }
    }

    private static void Repeated(JsonObject spec, string list, string field, string prefix, ICollection<string> warnings)
    {
        var seen = new HashSet<string>();
        var index = 0;
        foreach (var value in spec.Objects(list).Select(i => i.Text(field) ?? ""))
        {
            if (!seen.Add(value))
            {
                warnings.Add($"{prefix}spec.{list}[{index}].{field}: duplicate {field} {FieldError.Quote(value)}");
            }

            index++;
        }
    }

    private static void Nameless(JsonObject spec, string prefix, ICollection<string> warnings)
    {
        var index = 0;
        foreach (var secret in spec.Objects("imagePullSecrets"))
        {
            if (string.IsNullOrEmpty(secret.Text("name")))
            {
                warnings.Add($"{prefix}spec.imagePullSecrets[{index}].name: invalid empty name \"\"");
            }

            index++;
        }
    }

    private static void OfContainer(JsonObject container, string at, JsonObject annotations, string prefix, ICollection<string> warnings)
    {
        var name = container.Text("name") ?? "";
        if (container.At("securityContext", "seccompProfile") is null && annotations.ContainsKey(ContainerSeccomp + name))
        {
            warnings.Add($"{prefix}metadata.annotations[{ContainerSeccomp}{name}]: non-functional in v1.27+; use the \"seccompProfile\" field instead");
        }

        if (prefix.Length > 0 && container.At("securityContext", "appArmorProfile") is null && annotations.ContainsKey(AppArmor + name))
        {
            warnings.Add($"{prefix}metadata.annotations[{AppArmor}{name}]: deprecated since v1.30; use the \"appArmorProfile\" field instead");
        }

        foreach (var resource in Bytes)
        {
            foreach (var kind in (string[])["limits", "requests"])
            {
                if (Amounts.Of(container.At("resources", kind)).TryGetValue(resource, out var quantity) && quantity.RoundedUp != quantity)
                {
                    warnings.Add($"{at}.resources.{kind}[{resource}]: fractional byte value \"{quantity}\" is invalid, must be an integer");
                }
            }
        }

        var seen = new HashSet<string>();
        var index = 0;
        foreach (var variable in container.Objects("env"))
        {
            // A variable that builds on the one it hides is meant.
            var reference = $"$({variable.Text("name")})";
            var value = variable.Text("value") ?? "";
            if (!seen.Add(variable.Text("name") ?? "")
                && (variable["valueFrom"] is not null || value == reference || !value.Contains(reference, StringComparison.Ordinal)))
            {
                warnings.Add($"{at}.env[{index}]: hides previous definition of {FieldError.Quote(variable.Text("name"))}, which may be dropped when using apply");
            }

            index++;
        }
    }
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What makes a pod spec invalid, in the API server's words.</summary>
internal static class PodValidation
{
    private static readonly string[] RestartPolicies = ["Always", "OnFailure", "Never"];
    private static readonly string[] DnsPolicies = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];

    public static void Spec(JsonObject spec, string field, bool isTemplate, List<FieldError> errors)
    {
        var volumes = Volumes(spec, field, errors);
        var names = new HashSet<string>();
        var containers = spec.Objects("containers").ToList();
        if (containers.Count == 0)
        {
            errors.Add(FieldError.Required($"{field}.containers"));
        }

        Each(spec, "containers", (c, at) => ContainerValidation.Container(c, at, volumes, names, errors));
        Each(spec, "initContainers", (c, at) => ContainerValidation.InitContainer(c, at, volumes, names, errors));
        if (!isTemplate)
        {
            Each(spec, "ephemeralContainers", (c, at) => ContainerValidation.Ephemeral(c, at, volumes, names, containers, errors));
        }

        OneOf(spec, field, "restartPolicy", RestartPolicies, errors);
        OneOf(spec, field, "dnsPolicy", DnsPolicies, errors);
        if (spec.Flag("hostPID") == true && spec.Flag("shareProcessNamespace") == true)
        {
            errors.Add(FieldError.Invalid($"{field}.shareProcessNamespace", "true", "ShareProcessNamespace and HostPID cannot both be enabled"));
        }

        if (spec.Number("terminationGracePeriodSeconds") is < 0 and var grace)
        {
            errors.Add(FieldError.Invalid($"{field}.terminationGracePeriodSeconds", $"{grace}", "must be greater than or equal to 0"));
        }

        foreach (var name in new[] { "serviceAccountName", "nodeName" })
        {
            if (spec.Text(name) is { Length: > 0 } value && Names.WrongSubdomain(value) is { } wrong)
            {
                errors.Add(FieldError.Invalid($"{field}.{name}", FieldError.Quote(value), wrong));
            }
        }

        foreach (var name in new[] { "hostname", "subdomain" })
        {
            if (spec.Text(name) is { Length: > 0 } value && Names.WrongLabel(value) is { } wrong)
            {
                errors.Add(FieldError.Invalid($"{field}.{name}", FieldError.Quote(value), wrong));
            }
        }

        MetadataRules.Labels(spec["nodeSelector"] as JsonObject, $"{field}.nodeSelector", errors);
        if (spec.Text("activeDeadlineSeconds") is null && spec.Number("activeDeadlineSeconds") is <= 0 and var deadline)
        {
            errors.Add(FieldError.Invalid($"{field}.activeDeadlineSeconds", $"{deadline}", "must be between 1 and 2147483647, inclusive"));
        }

        void Each(JsonObject from, string list, Action<JsonObject, string> check)
        {
            var index = 0;
            foreach (var container in from.Objects(list))
            {
                check(container, $"{field}.{list}[{index++}]");
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

    private static Dictionary<string, JsonObject> Volumes(JsonObject spec, string field, List<FieldError> errors)
    {
        var volumes = new Dictionary<string, JsonObject>();
        var index = 0;
        foreach (var volume in spec.Objects("volumes"))
        {
            var at = $"{field}.volumes[{index++}]";
            var name = volume.Text("name") ?? "";
            if (name.Length == 0)
            {
                errors.Add(FieldError.Required($"{at}.name"));
            }
            else if (Names.WrongLabel(name) is { } wrong)
            {
                errors.Add(FieldError.Invalid($"{at}.name", FieldError.Quote(name), wrong));
            }

            if (name.Length > 0 && !volumes.TryAdd(name, volume))
            {
                errors.Add(FieldError.Duplicate($"{at}.name", FieldError.Quote(name)));
            }

            Source(volume, at, errors);
        }

        return volumes;
    }

    private static void Source(JsonObject volume, string at, List<FieldError> errors)
    {
        var sources = volume.Where(p => p.Key != "name").Select(p => p.Key).ToList();
        if (sources.Count > 1)
        {
            errors.Add(FieldError.Forbidden($"{at}.{sources[1]}", "may not specify more than 1 volume type"));
        }

        void Required(string source, string name)
        {
            if (volume[source] is JsonObject given && string.IsNullOrEmpty(given.Text(name)))
            {
                errors.Add(FieldError.Required($"{at}.{source}.{name}"));
            }
        }

        Required("secret", "secretName");
        Required("configMap", "name");
        Required("persistentVolumeClaim", "claimName");
        Required("hostPath", "path");
        if (volume.Text("emptyDir", "sizeLimit") is { } limit && Quantity.TryParse(limit, out var size) && size < Quantity.Zero)
        {
            errors.Add(FieldError.Forbidden($"{at}.emptyDir.sizeLimit", "SizeLimit field must be a valid resource quantity"));
        }

        foreach (var source in new[] { "secret", "configMap", "projected", "downwardAPI" })
        {
            if (volume.Number(source, "defaultMode") is < 0 or > 511)
            {
                errors.Add(FieldError.Invalid($"{at}.{source}.defaultMode", $"{volume.Number(source, "defaultMode")}", "must be a number between 0 and 0777 (octal), both inclusive"));
            }
        }
    }
}

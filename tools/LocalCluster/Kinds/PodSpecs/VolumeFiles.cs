using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Files in volumes that are made from other objects.</summary>
internal static class VolumeFiles
{
    /// <summary>Keys of a ConfigMap or Secret and the paths under which they appear.</summary>
    public static void OfKeys(JsonObject source, string at, List<FieldError> errors)
    {
        Checks.Mode(source, "defaultMode", at, errors);
        var index = 0;
        foreach (var item in source.Objects("items"))
        {
            var field = $"{at}.items[{index++}]";
            Checks.Given(item, "key", field, errors);
            Checks.Given(item, "path", field, errors);
            Path(item.Text("path") ?? "", $"{field}.path", errors);
            Checks.Mode(item, "mode", field, errors);
        }
    }

    /// <summary>One of the pod's own fields as a file.</summary>
    public static void OfField(JsonObject item, string at, List<FieldError> errors)
    {
        Checks.Given(item, "path", at, errors);
        Path(item.Text("path") ?? "", $"{at}.path", errors);
        if (item["fieldRef"] is JsonObject field)
        {
            FieldReferences.Field(field, FieldReferences.OfFiles, $"{at}.fieldRef", errors);
            if (item["resourceFieldRef"] is not null)
            {
                errors.Add(FieldError.Invalid(at, "\"resource\"", "fieldRef and resourceFieldRef can not be specified simultaneously"));
            }
        }
        else if (item["resourceFieldRef"] is JsonObject resource)
        {
            FieldReferences.Resource(resource, $"{at}.resourceFieldRef", needsContainer: true, errors);
        }
        else
        {
            errors.Add(FieldError.Required(at, "one of fieldRef and resourceFieldRef is required"));
        }

        Checks.Mode(item, "mode", at, errors);
    }

    /// <summary>A path that stays in its volume and out of the way of what the kubelet keeps there.</summary>
    public static void Path(string path, string at, List<FieldError> errors)
    {
        Checks.RelativePath(path, at, errors);
        if (path.StartsWith("..", StringComparison.Ordinal) && !path.StartsWith("../", StringComparison.Ordinal))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(path), "must not start with '..'"));
        }
    }
}

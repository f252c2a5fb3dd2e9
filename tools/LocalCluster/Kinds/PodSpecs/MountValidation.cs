using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Where containers mount which volumes.</summary>
internal static class MountValidation
{
    private static readonly string[] Propagations = ["Bidirectional", "HostToContainer", "None"];

    public static void OfContainer(JsonObject container, string at, PodSpecContext pod, List<FieldError> errors)
    {
        var paths = new HashSet<string>();
        var index = 0;
        foreach (var mount in container.Objects("volumeMounts"))
        {
            var list = $"{at}.volumeMounts";
            var field = $"{list}[{index++}]";
            Checks.Given(mount, "name", field, errors);
            if (!pod.Volumes.Contains(mount.Text("name") ?? ""))
            {
                errors.Add(FieldError.NotFound($"{field}.name", FieldError.Quote(mount.Text("name"))));
            }

            Checks.Given(mount, "mountPath", field, errors);
            if (!paths.Add(mount.Text("mountPath") ?? ""))
            {
                errors.Add(FieldError.Invalid($"{field}.mountPath", FieldError.Quote(mount.Text("mountPath")), "must be unique"));
            }

            SubPaths(mount, list, field, errors);
            Checks.Known(mount, "mountPropagation", list, Propagations, errors);
            if (mount.Text("mountPropagation") == "Bidirectional" && container.Flag("securityContext", "privileged") != true)
            {
                errors.Add(FieldError.Forbidden($"{list}.mountPropagation", "Bidirectional mount propagation is available only to privileged containers"));
            }
        }
    }

    /// <summary>Ephemeral containers mount volumes whole.</summary>
    public static void NoSubPaths(JsonObject container, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var mount in container.Objects("volumeMounts"))
        {
            var field = $"{at}.volumeMounts[{index++}]";
            if (!string.IsNullOrEmpty(mount.Text("subPath")))
            {
                errors.Add(FieldError.Forbidden($"{field}.subPath", "cannot be set for an Ephemeral Container"));
            }

            if (!string.IsNullOrEmpty(mount.Text("subPathExpr")))
            {
                errors.Add(FieldError.Forbidden($"{field}.subPathExpr", "cannot be set for an Ephemeral Container"));
            }
        }
    }

    private static void SubPaths(JsonObject mount, string list, string field, List<FieldError> errors)
    {
        var plain = mount.Text("subPath") ?? "";
        if (plain.Length > 0)
        {
            Checks.RelativePath(plain, $"{list}.subPath", errors);
        }

        if (mount.Text("subPathExpr") is { Length: > 0 } expression)
        {
            if (plain.Length > 0)
            {
                errors.Add(FieldError.Invalid($"{field}.subPathExpr", FieldError.Quote(expression), "subPathExpr and subPath are mutually exclusive"));
            }

            Checks.RelativePath(expression, $"{list}.subPathExpr", errors);
        }
    }
}

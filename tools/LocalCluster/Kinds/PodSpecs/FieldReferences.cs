using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>References to a pod's own fields and resources (https://kubernetes.io/docs/concepts/workloads/pods/downward-api).</summary>
internal static partial class FieldReferences
{
    /// <summary>Fields that environment variables can have.</summary>
    public static readonly IReadOnlyList<string> OfEnvironment =
        ["metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.serviceAccountName", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs"];

    /// <summary>Fields that files can have.</summary>
    public static readonly IReadOnlyList<string> OfFiles = ["metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid"];

    private static readonly string[] Known =
    [
        "metadata.annotations", "metadata.labels", "metadata.name", "metadata.namespace", "metadata.uid", "spec.nodeName", "spec.restartPolicy", "spec.serviceAccountName",
        "spec.schedulerName", "status.phase", "status.hostIP", "status.hostIPs", "status.podIP", "status.podIPs",
    ];

    private static readonly string[] Resources =
        ["limits.cpu", "limits.ephemeral-storage", "limits.memory", "requests.cpu", "requests.ephemeral-storage", "requests.memory"];

    public static void Field(JsonObject reference, IReadOnlyList<string> allowed, string at, List<FieldError> errors)
    {
        Checks.Given(reference, "apiVersion", at, errors);
        var path = reference.Text("fieldPath") ?? "";
        if (path.Length == 0)
        {
            errors.Add(FieldError.Required($"{at}.fieldPath"));
            return;
        }

        if (reference.Text("apiVersion") is { Length: > 0 } and not "v1" and var version)
        {
            errors.Add(FieldError.Invalid($"{at}.fieldPath", FieldError.Quote(path), $"error converting fieldPath: unsupported pod version: {version}"));
            return;
        }

        var subscript = Subscript().Match(path);
        if (subscript.Success && subscript.Groups["path"].Value is "metadata.labels" or "metadata.annotations")
        {
            var key = subscript.Groups["key"].Value;
            Checks.QualifiedName(subscript.Groups["path"].Value == "metadata.annotations" ? key.ToLowerInvariant() : key, at, errors);
        }
        else if (subscript.Success)
        {
            errors.Add(FieldError.Invalid(
                $"{at}.fieldPath", FieldError.Quote(path), $"error converting fieldPath: field label does not support subscript: {path}"));
        }
        else if (!Known.Contains(path))
        {
            errors.Add(FieldError.Invalid($"{at}.fieldPath", FieldError.Quote(path), $"error converting fieldPath: field label not supported: {path}"));
        }
        else if (!allowed.Contains(path))
        {
            errors.Add(FieldError.NotSupported($"{at}.fieldPath", FieldError.Quote(path), allowed));
        }
    }

    public static void Resource(JsonObject reference, string at, bool needsContainer, List<FieldError> errors)
    {
        var resource = reference.Text("resource") ?? "";
        if (needsContainer && string.IsNullOrEmpty(reference.Text("containerName")))
        {
            errors.Add(FieldError.Required($"{at}.containerName"));
        }
        else if (resource.Length == 0)
        {
            errors.Add(FieldError.Required($"{at}.resource"));
        }
        else if (!Resources.Contains(resource)
            && !resource.StartsWith("limits.hugepages-", StringComparison.Ordinal) && !resource.StartsWith("requests.hugepages-", StringComparison.Ordinal))
        {
            errors.Add(FieldError.NotSupported($"{at}.resource", FieldError.Quote(resource), Resources));
        }
    }

    [GeneratedRegex(@"^(?<path>.+)\['(?<key>.*)'\]$", RegexOptions.CultureInvariant)]
    private static partial Regex Subscript();
}

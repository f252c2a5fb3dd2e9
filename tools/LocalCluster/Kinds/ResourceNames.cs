using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Names of resources in containers, LimitRanges and quotas: which there are, and what is wrong with others in the API server's words.</summary>
internal static class ResourceNames
{
    private const string RequestsPrefix = "requests.";

    private static readonly string[] OfContainers = ["cpu", "memory", "ephemeral-storage"];

    private static readonly HashSet<string> OfQuotas =
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.storage", "requests.ephemeral-storage",
        "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods", "resourcequotas", "services", "replicationcontrollers", "secrets",
        "persistentvolumeclaims", "configmaps", "services.nodeports", "services.loadbalancers",
    ];

    private static readonly HashSet<string> Whole =
        ["pods", "resourcequotas", "services", "replicationcontrollers", "secrets", "configmaps", "persistentvolumeclaims", "services.nodeports", "services.loadbalancers"];

    public static bool IsOfQuotas(string name) => OfQuotas.Contains(name) || IsHugePages(name) || name.StartsWith("requests.hugepages-", StringComparison.Ordinal);

    public static bool IsHugePages(string name) => name.StartsWith("hugepages-", StringComparison.Ordinal);

    /// <summary>Only whole numbers make sense of it.</summary>
    public static bool IsWhole(string name) => Whole.Contains(name) || IsExtended(name);

    public static bool IsNative(string name) => !name.Contains('/') || name.Contains("kubernetes.io/", StringComparison.Ordinal);

    /// <summary>A device or the like, which a node offers under a name with a domain.</summary>
    public static bool IsExtended(string name) =>
        !IsNative(name) && !name.StartsWith(RequestsPrefix, StringComparison.Ordinal) && Names.WrongQualifiedName(RequestsPrefix + name) is null;

    /// <summary>Whether a request may be less than its limit.</summary>
    public static bool IsOvercommitAllowed(string name) => IsNative(name) && !IsHugePages(name);

    public static void Any(string name, string at, List<FieldError> errors) => Check(name, at, null, "", errors);

    public static void InQuota(string name, string at, List<FieldError> errors) => Check(name, at, IsOfQuotas, "must be a standard resource for quota", errors);

    public static void InContainer(string name, string at, List<FieldError> errors)
    {
        Check(name, at, n => OfContainers.Contains(n) || IsHugePages(n), "must be a standard resource for containers", errors);
        if (name.Contains('/') && !IsNative(name) && !IsExtended(name))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(name), "doesn't follow extended resource name standard"));
        }
    }

    private static void Check(string name, string at, Func<string, bool>? standard, string otherwise, List<FieldError> errors)
    {
        var before = errors.Count;
        Checks.QualifiedName(name, at, errors);
        if (errors.Count == before && !name.Contains('/') && !IsOfQuotas(name) && name != "storage")
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(name), "must be a standard resource type or fully qualified"));
        }

        if (!name.Contains('/') && standard is not null && !standard(name))
        {
            errors.Add(FieldError.Invalid(at, FieldError.Quote(name), otherwise));
        }
    }
}

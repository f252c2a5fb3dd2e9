using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>
/// Pods and what they request (https://kubernetes.io/docs/concepts/policy/resource-quotas). A pod that has ended, or that should have been gone for some time,
/// uses nothing any more but its place in <c>count/pods</c>.
/// </summary>
internal sealed class PodUsage() : UsageRules(ResourceTypes.Pods)
{
    private const string Requests = "requests.";

    private static readonly string[] Plain =
    [
        "cpu", "memory", "ephemeral-storage", "requests.cpu", "requests.memory", "requests.ephemeral-storage", "limits.cpu", "limits.memory", "limits.ephemeral-storage", "pods",
    ];

    private static readonly string[] Affinities = ["podAffinity", "podAntiAffinity"];

    /// <summary>Resources that every container must name once a quota limits them.</summary>
    private static readonly string[] MustBeNamed = ["cpu", "memory", "requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

    /// <summary>An update counts only where it moves the pod between the scopes Terminating and NotTerminating.</summary>
    public override bool Handles(AdmissionRequest request) =>
        request.Subresource is null && (request.IsCreate || IsTerminating(request.Old!) != IsTerminating(request.Object));

    public override bool Counts(string resource) =>
        Plain.Contains(resource) || resource == CountName
        || resource.StartsWith("hugepages-", StringComparison.Ordinal) || resource.StartsWith("requests.hugepages-", StringComparison.Ordinal)
        || (resource.StartsWith(Requests, StringComparison.Ordinal) && IsExtended(resource));

    public override string? Missing(IReadOnlyCollection<string> limited, JsonObject obj)
    {
        var spec = obj["spec"]!.AsObject();
        if (PodResources.HasOwn(spec))
        {
            return null;
        }

        var containers = spec.Objects("containers").Concat(spec.Objects("initContainers")).ToList();
        var missing = limited.Where(r => MustBeNamed.Contains(r)).Order(StringComparer.Ordinal)
            .Select(resource => (Resource: resource, Names: containers.Where(c => !Names(c, resource)).Select(c => c.Text("name") ?? "").Distinct().Order(StringComparer.Ordinal).ToList()))
            .Where(m => m.Names.Count > 0)
            .Select(m => $"{m.Resource} for: {string.Join(',', m.Names)}")
            .ToList();
        return missing.Count == 0 ? null : $"must specify {string.Join("; ", missing)}";
    }

    public override Amounts Usage(JsonObject obj, DateTimeOffset now)
    {
        var usage = new Amounts { [CountName] = Quantity.One };
        if (IsOver(obj, now))
        {
            return usage;
        }

        var spec = obj["spec"]!.AsObject();
        usage.Add(Charged(PodResources.Requests(spec), PodResources.Limits(spec)));
        return usage;
    }

    public override bool Meets(ScopeRequirement requirement, JsonObject obj) => requirement.Scope switch
    {
        "Terminating" => IsTerminating(obj),
        "NotTerminating" => !IsTerminating(obj),
        "BestEffort" => IsBestEffort(obj),
        "NotBestEffort" => !IsBestEffort(obj),
        "PriorityClass" => requirement.Holds(obj.Text("spec", "priorityClassName") is { Length: > 0 } name ? name : null),
        "CrossNamespacePodAffinity" => UsesOtherNamespaces(obj),
        _ => false,
    };

    private static bool Names(JsonObject container, string resource) =>
        Charged(Amounts.Of(container.At("resources", "requests")), Amounts.Of(container.At("resources", "limits"))).ContainsKey(resource);

    /// <summary>Requests and limits under the names that quotas have for them.</summary>
    private static Amounts Charged(Amounts requests, Amounts limits)
    {
        var result = new Amounts { ["pods"] = Quantity.One };
        foreach (var (name, quantity) in requests)
        {
            if (name is "cpu" or "memory" or "ephemeral-storage" || name.StartsWith("hugepages-", StringComparison.Ordinal))
            {
                result[name] = quantity;
                result[Requests + name] = quantity;
            }
            else if (IsExtended(name))
            {
                result[Requests + name] = quantity;
            }
        }

        foreach (var (name, quantity) in limits.Where(l => l.Key is "cpu" or "memory" or "ephemeral-storage"))
        {
            result["limits." + name] = quantity;
        }

        return result;
    }

    private static bool IsExtended(string resource) => resource.Contains('/') && !resource.Contains("kubernetes.io/", StringComparison.Ordinal);

    private static bool IsTerminating(JsonObject pod) => pod.Number("spec", "activeDeadlineSeconds") >= 0;

    private static bool IsBestEffort(JsonObject pod) =>
        (pod.Text("status", "qosClass") is { Length: > 0 } known ? known : QualityOfService.Of(pod["spec"]!.AsObject())) == "BestEffort";

    private static bool IsOver(JsonObject pod, DateTimeOffset now)
    {
        if (pod.Text("status", "phase") is "Failed" or "Succeeded")
        {
            return true;
        }

        return pod.Text("metadata", "deletionTimestamp") is { } deleted && pod.Number("metadata", "deletionGracePeriodSeconds") is { } grace
            && now > DateTimeOffset.Parse(deleted, CultureInfo.InvariantCulture).AddSeconds(grace);
    }

    private static bool UsesOtherNamespaces(JsonObject pod) => Affinities.Any(kind =>
    {
        var affinity = pod.At("spec", "affinity", kind);
        return affinity.Objects("requiredDuringSchedulingIgnoredDuringExecution")
            .Concat(affinity.Objects("preferredDuringSchedulingIgnoredDuringExecution").Select(p => p["podAffinityTerm"]).OfType<JsonObject>())
            .Any(term => term["namespaces"] is JsonArray { Count: > 0 } || term["namespaceSelector"] is not null);
    });
}

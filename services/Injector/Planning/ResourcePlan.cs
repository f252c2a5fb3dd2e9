using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Injector.Planning;

/// <summary>
/// Decides what the workspace's containers ask for: as little as can be, so that quotas take it and autoscalers, which add up the requests
/// of all containers, are not misled; but so that the pod keeps its class. Pure.
/// https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/
/// </summary>
internal static class ResourcePlan
{
    private static readonly string[] Names = ["cpu", "memory"];

    private static readonly Dictionary<string, string> Least = new() { ["cpu"] = "10m", ["memory"] = "32Mi" };

    private static readonly Dictionary<string, string> Usual = new() { ["cpu"] = "1", ["memory"] = "512Mi" };

    private static readonly Dictionary<string, string> Guaranteed = new() { ["cpu"] = "100m", ["memory"] = "256Mi" };

    /// <summary>The resources of each of the two containers; <see langword="null"/>: none.</summary>
    /// <param name="wished">The blueprint's.</param>
    /// <param name="pod">Pod template.</param>
    /// <param name="own">Containers of the workload's owner.</param>
    public static JsonObject? Of(BlueprintResources? wished, V1PodSpec pod, IReadOnlyList<V1Container> own)
    {
        if (pod.Resources is not null)
        {
            return null; // the pod as a whole has its resources; containers share them
        }

        var all = own.Concat(pod.InitContainers ?? []).ToArray();
        if (own.Count > 0 && all.All(IsGuaranteed))
        {
            var amounts = Names.ToDictionary(name => name, name => Wish(wished?.Requests, name) ?? Wish(wished?.Limits, name) ?? Guaranteed[name]);
            return new JsonObject { ["requests"] = Map(amounts), ["limits"] = Map(amounts) };
        }

        if (all.All(container => !Names.Any(name => Has(container.Resources?.Requests, name) || Has(container.Resources?.Limits, name))))
        {
            return null; // BestEffort: any word of ours would make it Burstable
        }

        var limits = Names.Select(name => (name, Amount: Wish(wished?.Limits, name) ?? (own.All(container => Has(container.Resources?.Limits, name)) ? Usual[name] : null)))
            .Where(limit => limit.Amount is not null)
            .ToDictionary(limit => limit.name, limit => limit.Amount!);
        var requests = Names.ToDictionary(name => name, name => Smaller(Least[name], limits.GetValueOrDefault(name)));
        var resources = new JsonObject { ["requests"] = Map(requests) };
        if (limits.Count > 0)
        {
            resources["limits"] = Map(limits);
        }

        return resources;
    }

    private static bool IsGuaranteed(V1Container container) => Names.All(name =>
        container.Resources?.Limits?.TryGetValue(name, out var limit) == true
        && (container.Resources.Requests?.TryGetValue(name, out var request) != true || request!.ToDecimal() == limit.ToDecimal()));

    private static bool Has(IDictionary<string, ResourceQuantity>? amounts, string name) => amounts?.ContainsKey(name) == true;

    private static string? Wish(IReadOnlyDictionary<string, string>? amounts, string name) => amounts?.GetValueOrDefault(name);

    private static string Smaller(string least, string? limit) =>
        limit is not null && new ResourceQuantity(limit).ToDecimal() < new ResourceQuantity(least).ToDecimal() ? limit : least;

    private static JsonObject Map(Dictionary<string, string> amounts)
    {
        var map = new JsonObject();
        foreach (var (name, amount) in amounts)
        {
            map[name] = amount;
        }

        return map;
    }
}

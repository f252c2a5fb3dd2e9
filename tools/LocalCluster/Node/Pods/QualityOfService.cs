using k8s.Models;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>The quality-of-service class of a pod, by the rules of the Kubernetes documentation.</summary>
internal static class QualityOfService
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(V1Pod pod)
    {
        var containers = pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).Select(container => container.Resources).ToList();
        if (!containers.Any(resources => Counted.Any(name => Value(resources?.Requests, name) > 0 || Value(resources?.Limits, name) > 0)))
        {
            return "BestEffort";
        }

        return containers.All(resources => Counted.All(name =>
            Value(resources?.Limits, name) is > 0 and var limit && (Value(resources?.Requests, name) ?? limit) == limit))
            ? "Guaranteed"
            : "Burstable";
    }

    private static decimal? Value(IDictionary<string, ResourceQuantity>? map, string name) =>
        map?.TryGetValue(name, out var quantity) == true ? quantity.ToDecimal() : null;
}

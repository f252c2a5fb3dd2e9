using k8s.Models;

namespace Workspaces.LocalCluster.Node.Scheduling;

/// <summary>
/// What a pod asks of a node, as scheduler and kubelet count it: the pod's own `resources` where they are set, else its containers together or its largest init
/// container (https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers).
/// </summary>
internal static class PodRequests
{
    private static readonly string[] PodLevel = ["cpu", "memory"];

    public static decimal Of(V1Pod pod, string resource)
    {
        decimal overhead = Value(pod.Spec.Overhead, resource) ?? 0;
        if (IsPodLevel(resource) && (Value(pod.Spec.Resources?.Requests, resource) ?? Value(pod.Spec.Resources?.Limits, resource)) is { } own)
        {
            return own + overhead;
        }

        // Sidecars run beside every init container after them and beside the main containers.
        decimal sidecars = 0;
        decimal largest = 0;
        foreach (var init in pod.Spec.InitContainers ?? [])
        {
            if (init.RestartPolicy == "Always")
            {
                sidecars += Of(init, resource);
                largest = Math.Max(largest, sidecars);
            }
            else
            {
                largest = Math.Max(largest, sidecars + Of(init, resource));
            }
        }

        return Math.Max(pod.Spec.Containers.Sum(container => Of(container, resource)) + sidecars, largest) + overhead;
    }

    /// <summary>Every resource that the pod asks for.</summary>
    public static IEnumerable<string> Names(V1Pod pod) =>
        pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).Select(container => container.Resources).Append(pod.Spec.Resources)
            .SelectMany(resources => (resources?.Requests?.Keys ?? []).Concat(resources?.Limits?.Keys ?? [])).Distinct().Order(StringComparer.Ordinal);

    private static bool IsPodLevel(string resource) => PodLevel.Contains(resource) || resource.StartsWith("hugepages-", StringComparison.Ordinal);

    private static decimal Of(V1Container container, string resource) =>
        Value(container.Resources?.Requests, resource) ?? Value(container.Resources?.Limits, resource) ?? 0;

    private static decimal? Value(IDictionary<string, ResourceQuantity>? map, string name) =>
        map?.TryGetValue(name, out var quantity) == true ? quantity.ToDecimal() : null;
}

using k8s.Models;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>Requests and limits of a container as the kernel takes them, by the kubelet's arithmetic.</summary>
internal static class ContainerLimits
{
    private const long SmallestShares = 2;
    private const long SmallestQuota = 1000;

    public static ContainerResources Of(V1Container container)
    {
        var limits = container.Resources?.Limits;
        var cpuRequest = Find(container.Resources?.Requests, "cpu") ?? Find(limits, "cpu");
        return new ContainerResources
        {
            CpuShares = cpuRequest is { } request ? Math.Max(SmallestShares, (long)(request * 1024)) : SmallestShares,
            CpuQuota = Find(limits, "cpu") is { } cpu ? Math.Max(SmallestQuota, (long)(cpu * 100_000)) : null,
            MemoryBytes = Find(limits, "memory") is { } memory ? (long)memory : null,
        };
    }

    private static decimal? Find(IDictionary<string, ResourceQuantity>? resources, string name) =>
        resources?.TryGetValue(name, out var quantity) == true ? quantity.ToDecimal() : null;
}

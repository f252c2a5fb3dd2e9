using System.Globalization;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Scheduling;

/// <summary>Whether what pods ask for fits on the node. Scheduler and kubelet decide by the same arithmetic and word it differently.</summary>
internal static class NodeRoom
{
    /// <summary>A resource of which the node has too little.</summary>
    internal readonly record struct Shortage(string Resource, decimal Requested, decimal Used, decimal Capacity);

    public static IEnumerable<Shortage> Shortages(V1Pod pod, V1Node node, IReadOnlyCollection<V1Pod> others)
    {
        var allocatable = node.Status?.Allocatable ?? new Dictionary<string, ResourceQuantity>();
        if (allocatable.TryGetValue("pods", out var most) && others.Count >= most.ToDecimal())
        {
            yield return new Shortage("pods", 1, others.Count, most.ToDecimal());
        }

        foreach (var resource in PodRequests.Names(pod))
        {
            var wanted = PodRequests.Of(pod, resource);
            if (wanted == 0)
            {
                continue;
            }

            var total = allocatable.TryGetValue(resource, out var quantity) ? quantity.ToDecimal() : 0;
            var used = others.Sum(other => PodRequests.Of(other, resource));
            if (wanted > total - used)
            {
                yield return new Shortage(resource, wanted, used, total);
            }
        }
    }

    /// <summary>Whether another pod has taken a port of the machine that this one asks for.</summary>
    public static bool PortsCollide(V1Pod pod, IEnumerable<V1Pod> others)
    {
        var wanted = HostPorts(pod).ToHashSet();
        return wanted.Count > 0 && others.SelectMany(HostPorts).Any(wanted.Contains);
    }

    private static IEnumerable<string> HostPorts(V1Pod pod) =>
        pod.Spec.Containers.Concat(pod.Spec.InitContainers ?? []).SelectMany(container => container.Ports ?? []).Where(port => port.HostPort is > 0)
            .Select(port => $"{port.Protocol ?? "TCP"}/{port.HostPort!.Value.ToString(CultureInfo.InvariantCulture)}");
}

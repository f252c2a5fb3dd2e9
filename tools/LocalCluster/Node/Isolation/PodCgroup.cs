using System.Globalization;
using k8s.Models;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Isolation;

/// <summary>
/// The limits of a pod as a whole, by the kubelet's arithmetic: the pod's own `resources` where they are set, else its containers' together where each has a limit.
/// Containers are limited within them.
/// </summary>
internal static class PodCgroup
{
    private const long SmallestShares = 2;
    private const long SmallestQuota = 1000;
    private const long Period = 100_000;

    public static string Path(NodeCgroups cgroups, string uid) => $"{cgroups.Name}/pod{uid}";

    /// <summary>What the kernel is to be told about the pod. Pure.</summary>
    public static ContainerResources Limits(V1Pod pod)
    {
        var requested = Scheduling.PodRequests.Of(pod, "cpu");
        return new ContainerResources
        {
            CpuShares = Math.Max(SmallestShares, (long)(requested * 1024)),
            CpuQuota = Limit(pod, "cpu") is { } cpu ? Math.Max(SmallestQuota, (long)(cpu * Period)) : null,
            MemoryBytes = Limit(pod, "memory") is { } memory ? (long)memory : null,
        };
    }

    /// <summary>Writes the limits. The pod's cgroup must be there.</summary>
    public static void Apply(NodeCgroups cgroups, string cgroup, ContainerResources limits, long? processes)
    {
        Write(cgroups, "pids", cgroup, "pids.max", Text(processes));
        if (cgroups.IsUnified)
        {
            Write(cgroups, "memory", cgroup, "memory.max", Text(limits.MemoryBytes));
            Write(cgroups, "cpu", cgroup, "cpu.max", limits.CpuQuota is null ? null : $"{Text(limits.CpuQuota)} {Text(Period)}");

            // The kubelet's conversion of shares (2 to 262144) into weights (1 to 10000).
            Write(cgroups, "cpu", cgroup, "cpu.weight", limits.CpuShares is { } shares ? Text(1 + ((Math.Min(shares, 262144) - 2) * 9999 / 262142)) : null);
            return;
        }

        Write(cgroups, "memory", cgroup, "memory.limit_in_bytes", Text(limits.MemoryBytes));
        Write(cgroups, "cpu", cgroup, "cpu.cfs_quota_us", Text(limits.CpuQuota));
        Write(cgroups, "cpu", cgroup, "cpu.shares", Text(limits.CpuShares));
    }

    private static string? Text(long? value) => value?.ToString(CultureInfo.InvariantCulture);

    /// <summary>A controller that the machine does not have limits nothing, which the node's start has said.</summary>
    private static void Write(NodeCgroups cgroups, string controller, string cgroup, string file, string? value)
    {
        if (value is not null && cgroups.Folder(controller, cgroup) is { } folder && System.IO.Path.Combine(folder, file) is var path && File.Exists(path))
        {
            File.WriteAllText(path, value);
        }
    }

    private static decimal? Limit(V1Pod pod, string resource)
    {
        if (Value(pod.Spec.Resources, resource) is { } own)
        {
            return own;
        }

        var sidecars = (pod.Spec.InitContainers ?? []).Where(container => container.RestartPolicy == "Always").ToList();
        var limits = pod.Spec.Containers.Concat(sidecars).Select(container => Value(container.Resources, resource)).ToList();
        if (limits.Any(limit => limit is null))
        {
            return null;
        }

        var inits = (pod.Spec.InitContainers ?? []).Except(sidecars).Select(container => Value(container.Resources, resource)).ToList();
        return inits.Any(limit => limit is null) ? null : Math.Max(limits.Sum(limit => limit!.Value), inits.Select(limit => limit!.Value).DefaultIfEmpty(0).Max());
    }

    private static decimal? Value(V1ResourceRequirements? resources, string name) =>
        resources?.Limits?.TryGetValue(name, out var quantity) == true && quantity.ToDecimal() > 0 ? quantity.ToDecimal() : null;
}

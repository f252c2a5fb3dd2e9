using System.Globalization;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Scheduling;

/// <summary>Whether a pod can run on the only node. Pure; the reasons are in the scheduler's words.</summary>
internal static class SchedulingRules
{
    private const string Prefix = "0/1 nodes are available: ";
    private const string NotHelpful = ". preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.";
    private const string NoVictims = ". preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.";

    /// <summary>Null when it can, else the message for the event and the condition.</summary>
    public static string? Check(V1Pod pod, V1Node node, IEnumerable<V1Pod> others, Func<string, V1PersistentVolumeClaim?> findClaim)
    {
        if ((CheckClaims(pod, findClaim) ?? CheckTaints(pod, node)) is { } problem)
        {
            return Prefix + problem + NotHelpful;
        }

        return NodeSelection.Matches(pod, node)
            ? CheckRoom(pod, node, [.. others.Where(other => other.Status?.Phase is not ("Succeeded" or "Failed"))])
            : $"{Prefix}1 node(s) didn't match Pod's node affinity/selector{NotHelpful}";
    }

    public static bool Tolerates(V1Pod pod, V1Taint taint) =>
        (pod.Spec.Tolerations ?? []).Any(toleration =>
            (string.IsNullOrEmpty(toleration.Effect) || toleration.Effect == taint.Effect)
            && (toleration.OperatorProperty == "Exists"
                ? string.IsNullOrEmpty(toleration.Key) || toleration.Key == taint.Key
                : toleration.Key == taint.Key && (toleration.Value ?? "") == (taint.Value ?? "")));

    private static string? CheckClaims(V1Pod pod, Func<string, V1PersistentVolumeClaim?> findClaim)
    {
        foreach (var source in (pod.Spec.Volumes ?? []).Select(volume => volume.PersistentVolumeClaim).Where(source => source is not null))
        {
            if (findClaim(source!.ClaimName) is not { } claim)
            {
                return $"persistentvolumeclaim \"{source.ClaimName}\" not found";
            }

            if (claim.Status?.Phase != "Bound")
            {
                return "pod has unbound immediate PersistentVolumeClaims";
            }
        }

        return null;
    }

    private static string? CheckTaints(V1Pod pod, V1Node node)
    {
        var cordon = new V1Taint { Key = "node.kubernetes.io/unschedulable", Effect = "NoSchedule" };
        if (node.Spec?.Unschedulable == true && !Tolerates(pod, cordon))
        {
            return "1 node(s) were unschedulable";
        }

        var taint = (node.Spec?.Taints ?? []).FirstOrDefault(taint => taint.Effect != "PreferNoSchedule" && !Tolerates(pod, taint));
        return taint is null ? null : $"1 node(s) had untolerated taint {{{taint.Key}: {taint.Value}}}";
    }

    private static string? CheckRoom(V1Pod pod, V1Node node, List<V1Pod> others)
    {
        var allocatable = node.Status?.Allocatable ?? new Dictionary<string, ResourceQuantity>();
        var reasons = new List<string>();
        foreach (var resource in (string[])["cpu", "memory"])
        {
            var free = (allocatable.TryGetValue(resource, out var total) ? total.ToDecimal() : 0) - others.Sum(other => Requests(other, resource));
            if (Requests(pod, resource) is > 0 and var wanted && wanted > free)
            {
                reasons.Add($"1 Insufficient {resource}");
            }
        }

        if (allocatable.TryGetValue("pods", out var most) && others.Count >= most.ToDecimal())
        {
            reasons.Add("1 Too many pods");
        }

        var ports = others.SelectMany(HostPorts).ToHashSet();
        if (HostPorts(pod).Any(ports.Contains))
        {
            reasons.Add("1 node(s) didn't have free ports for the requested pod ports");
        }

        return reasons.Count == 0 ? null : Prefix + string.Join(", ", reasons) + NoVictims;
    }

    private static IEnumerable<string> HostPorts(V1Pod pod) =>
        pod.Spec.Containers.SelectMany(container => container.Ports ?? []).Where(port => port.HostPort is > 0)
            .Select(port => $"{port.Protocol ?? "TCP"}/{port.HostPort!.Value.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>What the scheduler counts for a pod: its containers together, or its largest init container.</summary>
    private static decimal Requests(V1Pod pod, string resource)
    {
        static decimal Of(V1Container container, string name) =>
            container.Resources?.Requests?.TryGetValue(name, out var quantity) == true ? quantity.ToDecimal() : 0;

        var init = pod.Spec.InitContainers ?? [];
        var sidecars = init.Where(container => container.RestartPolicy == "Always").Sum(container => Of(container, resource));
        var largest = init.Where(container => container.RestartPolicy != "Always").Select(container => Of(container, resource)).DefaultIfEmpty(0).Max();
        return Math.Max(pod.Spec.Containers.Sum(container => Of(container, resource)) + sidecars, largest);
    }
}

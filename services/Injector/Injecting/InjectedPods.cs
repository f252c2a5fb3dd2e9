using System.Globalization;
using k8s.Models;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;

namespace Workspaces.Injector.Injecting;

/// <summary>Reads pods that carry a workspace. Pure.</summary>
internal static class InjectedPods
{
    /// <summary>
    /// Whether a pod is what its labels claim: controlled by the target, or by one of its ReplicaSets, and with the host key that was made
    /// for this workspace. Whoever may create pods can copy labels and annotations; they cannot make a controller's pod.
    /// </summary>
    public static bool IsOf(V1Pod pod, WorkspaceRecord record, IReadOnlyDictionary<string, string> controllers) =>
        record.Injection is { } injection
        && record.Applied is { } applied
        && pod.Namespace() == injection.Namespace
        && (pod.Metadata.OwnerReferences ?? []).Any(owner => owner.Controller == true && controllers.ContainsKey(owner.Uid))
        && pod.GetAnnotation(WorkspaceAnnotations.InPod(record.WorkspaceId, WorkspaceAnnotations.HostKey)) == applied.HostKey;

    /// <summary>Whether the workspace in it is usable and the pod is not ready all the same.</summary>
    public static bool IsHeldUpByItsOwner(V1Pod pod, string workspaceId) =>
        PodReading.StatusOf(pod, ObjectNames.InjectedContainer(workspaceId)) is { Ready: true } && !IsReady(pod);

    /// <summary>Whether the pod gets traffic.</summary>
    public static bool IsReady(V1Pod pod) =>
        (pod.Status?.Conditions ?? []).Any(condition => condition is { Type: "Ready", Status: "True" });

    /// <summary>Ordinal of a StatefulSet's pod; -1 where its name has none.</summary>
    public static int OrdinalOf(V1Pod pod) =>
        int.TryParse(pod.Name()[(pod.Name().LastIndexOf('-') + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var ordinal) ? ordinal : -1;
}

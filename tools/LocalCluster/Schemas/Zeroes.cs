using k8s.Models;

namespace Workspaces.LocalCluster.Schemas;

/// <summary>
/// Which empty values the API server writes and which it leaves out. In its Go types a struct held by value is always written, and a
/// plain number, flag or text with omitempty is left out when it is zero, false or empty; the client library's classes do not show either.
/// </summary>
internal static class Zeroes
{
    /// <summary>Parts that every object with metadata is made of.</summary>
    private static readonly string[] Parts = ["metadata", "spec", "status"];

    /// <summary>Further objects that are written even when empty.</summary>
    private static readonly HashSet<(Type Owner, string Field)> AlwaysPresent =
    [
        (typeof(V1Container), "resources"),
        (typeof(V1EphemeralContainer), "resources"),
        (typeof(V1PersistentVolumeClaimSpec), "resources"),
        (typeof(V1ContainerStatus), "lastState"),
        (typeof(V1ContainerStatus), "state"),
        (typeof(V1ServiceStatus), "loadBalancer"),
        (typeof(V1DeploymentSpec), "strategy"),
        (typeof(V1DeploymentSpec), "template"),
        (typeof(V1ReplicaSetSpec), "template"),
        (typeof(V1StatefulSetSpec), "template"),
        (typeof(V1StatefulSetSpec), "updateStrategy"),
        (typeof(V1DaemonSetSpec), "template"),
        (typeof(V1DaemonSetSpec), "updateStrategy"),
        (typeof(V1PodTemplate), "template"),
        (typeof(V1Endpoint), "conditions"),
        (typeof(V1NetworkPolicySpec), "podSelector"),
        (typeof(Corev1Event), "involvedObject"),
        (typeof(Corev1Event), "source"),
        (typeof(V1PersistentVolumeClaimTemplate), "spec"),
        (typeof(V1PreferredSchedulingTerm), "preference"),
        (typeof(V1WeightedPodAffinityTerm), "podAffinityTerm"),
        (typeof(V1NodeStatus), "daemonEndpoints"),
        (typeof(V1NodeStatus), "nodeInfo"),
        (typeof(V1NodeDaemonEndpoints), "kubeletEndpoint"),
        (typeof(V1RoleBinding), "roleRef"),
        (typeof(V1ClusterRoleBinding), "roleRef"),
        (typeof(V1Scale), "spec"),
        (typeof(V1Scale), "status"),
    ];

    /// <summary>
    /// Lists, objects and times that are written as null where there is nothing in them: their Go fields have no omitempty, or are structs to
    /// which it means nothing.
    /// </summary>
    private static readonly HashSet<(Type Owner, string Field)> NullWhenEmpty =
    [
        (typeof(V1PodSpec), "containers"),
        (typeof(V1ContainerImage), "names"),
        (typeof(V1CephFSVolumeSource), "monitors"),
        (typeof(V1CephFSPersistentVolumeSource), "monitors"),
        (typeof(V1RBDVolumeSource), "monitors"),
        (typeof(V1RBDPersistentVolumeSource), "monitors"),
        (typeof(V1ScaleIOVolumeSource), "secretRef"),
        (typeof(V1ScaleIOPersistentVolumeSource), "secretRef"),
        (typeof(V1PodExtendedResourceClaimStatus), "requestMappings"),
        (typeof(V1TopologySelectorLabelRequirement), "values"),
        (typeof(V1ProjectedVolumeSource), "sources"),
        (typeof(V1NodeSelector), "nodeSelectorTerms"),
        (typeof(V1LimitRangeSpec), "limits"),
        (typeof(V1EndpointSlice), "endpoints"),
        (typeof(V1EndpointSlice), "ports"),
        (typeof(V1Endpoint), "addresses"),
        (typeof(V1Role), "rules"),
        (typeof(V1ClusterRole), "rules"),
        (typeof(V1PolicyRule), "verbs"),
        (typeof(V1DeploymentSpec), "selector"),
        (typeof(V1ReplicaSetSpec), "selector"),
        (typeof(V1StatefulSetSpec), "selector"),
        (typeof(V1DaemonSetSpec), "selector"),
        (typeof(V1Condition), "lastTransitionTime"),
        (typeof(V1DeploymentCondition), "lastTransitionTime"),
        (typeof(V1DeploymentCondition), "lastUpdateTime"),
        (typeof(V1ReplicaSetCondition), "lastTransitionTime"),
        (typeof(V1StatefulSetCondition), "lastTransitionTime"),
        (typeof(V1DaemonSetCondition), "lastTransitionTime"),
        (typeof(V1NamespaceCondition), "lastTransitionTime"),
        (typeof(V1NodeCondition), "lastHeartbeatTime"),
        (typeof(V1NodeCondition), "lastTransitionTime"),
        (typeof(V1PersistentVolumeClaimCondition), "lastProbeTime"),
        (typeof(V1PersistentVolumeClaimCondition), "lastTransitionTime"),
        (typeof(V1PodCondition), "lastProbeTime"),
        (typeof(V1PodCondition), "lastTransitionTime"),
        (typeof(V1ContainerStateRunning), "startedAt"),
        (typeof(V1ContainerStateTerminated), "startedAt"),
        (typeof(V1ContainerStateTerminated), "finishedAt"),
        (typeof(Corev1Event), "eventTime"),
        (typeof(Corev1Event), "firstTimestamp"),
        (typeof(Corev1Event), "lastTimestamp"),
        (typeof(Corev1EventSeries), "lastObservedTime"),
    ];

    /// <summary>Times with microseconds.</summary>
    public static IReadOnlySet<(Type Owner, string Field)> MicroTimes { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1LeaseSpec), "acquireTime"),
        (typeof(V1LeaseSpec), "renewTime"),
        (typeof(Corev1Event), "eventTime"),
        (typeof(Corev1EventSeries), "lastObservedTime"),
    };

    private static readonly HashSet<(Type, string)> OmittedFlags =
    [
        (typeof(V1Container), "stdin"),
        (typeof(V1Container), "stdinOnce"),
        (typeof(V1Container), "tty"),
        (typeof(V1EphemeralContainer), "stdin"),
        (typeof(V1EphemeralContainer), "stdinOnce"),
        (typeof(V1EphemeralContainer), "tty"),
        (typeof(V1PodSpec), "hostNetwork"),
        (typeof(V1PodSpec), "hostPID"),
        (typeof(V1PodSpec), "hostIPC"),
        (typeof(V1ServiceSpec), "publishNotReadyAddresses"),
        (typeof(V1NodeSpec), "unschedulable"),
        (typeof(V1DeploymentSpec), "paused"),
        (typeof(V1PriorityClass), "globalDefault"),
        (typeof(V1ISCSIVolumeSource), "chapAuthDiscovery"),
        (typeof(V1ISCSIVolumeSource), "chapAuthSession"),
        (typeof(V1ISCSIPersistentVolumeSource), "chapAuthDiscovery"),
        (typeof(V1ISCSIPersistentVolumeSource), "chapAuthSession"),
        (typeof(V1ScaleIOVolumeSource), "sslEnabled"),
        (typeof(V1ScaleIOPersistentVolumeSource), "sslEnabled"),
    ];

    /// <summary>Of readOnly, which most volumes have as a plain flag, the few that tell false from nothing.</summary>
    private static readonly HashSet<Type> KeptReadOnly = [typeof(V1AzureDiskVolumeSource), typeof(V1CSIVolumeSource)];

    private static readonly HashSet<(Type, string)> OmittedNumbers =
    [
        (typeof(V1AWSElasticBlockStoreVolumeSource), "partition"),
        (typeof(V1GCEPersistentDiskVolumeSource), "partition"),
        (typeof(V1ContainerImage), "sizeBytes"),
        (typeof(Corev1Event), "count"),
        (typeof(Corev1EventSeries), "count"),
        (typeof(V1ScaleSpec), "replicas"),
        (typeof(V1Condition), "observedGeneration"),
        (typeof(V1ObjectMeta), "generation"),
        (typeof(V1ContainerPort), "hostPort"),
        (typeof(V1Probe), "initialDelaySeconds"),
        (typeof(V1Probe), "timeoutSeconds"),
        (typeof(V1Probe), "periodSeconds"),
        (typeof(V1Probe), "successThreshold"),
        (typeof(V1Probe), "failureThreshold"),
        (typeof(V1ContainerStateTerminated), "signal"),
        (typeof(V1PodCondition), "observedGeneration"),
        (typeof(V1PodStatus), "observedGeneration"),
        (typeof(V1ServicePort), "nodePort"),
        (typeof(V1ServiceSpec), "healthCheckNodePort"),
        (typeof(V1StatefulSetSpec), "minReadySeconds"),
        (typeof(V1StatefulSetStatus), "observedGeneration"),
        (typeof(V1StatefulSetStatus), "readyReplicas"),
        (typeof(V1StatefulSetStatus), "currentReplicas"),
        (typeof(V1StatefulSetStatus), "updatedReplicas"),
        (typeof(V1DeploymentSpec), "minReadySeconds"),
        (typeof(V1DeploymentStatus), "observedGeneration"),
        (typeof(V1DeploymentStatus), "replicas"),
        (typeof(V1DeploymentStatus), "updatedReplicas"),
        (typeof(V1DeploymentStatus), "readyReplicas"),
        (typeof(V1DeploymentStatus), "availableReplicas"),
        (typeof(V1DeploymentStatus), "unavailableReplicas"),
        (typeof(V1DaemonSetSpec), "minReadySeconds"),
        (typeof(V1DaemonSetStatus), "observedGeneration"),
        (typeof(V1DaemonSetStatus), "updatedNumberScheduled"),
        (typeof(V1DaemonSetStatus), "numberAvailable"),
        (typeof(V1DaemonSetStatus), "numberUnavailable"),
        (typeof(V1ReplicaSetSpec), "minReadySeconds"),
        (typeof(V1ReplicaSetStatus), "fullyLabeledReplicas"),
        (typeof(V1ReplicaSetStatus), "readyReplicas"),
        (typeof(V1ReplicaSetStatus), "availableReplicas"),
        (typeof(V1ReplicaSetStatus), "observedGeneration"),
        (typeof(V1PodDisruptionBudgetStatus), "observedGeneration"),
    ];

    /// <summary>Texts whose emptiness means something other than their absence.</summary>
    private static readonly HashSet<(Type, string)> KeptTexts =
    [
        (typeof(V1PersistentVolumeClaimSpec), "storageClassName"),
        (typeof(V1HostPathVolumeSource), "type"),
        (typeof(V1GRPCAction), "service"),
        (typeof(V1TypedLocalObjectReference), "apiGroup"),
        (typeof(V1PodDNSConfigOption), "value"),
        (typeof(V1LeaseSpec), "holderIdentity"),
        (typeof(Discoveryv1EndpointPort), "name"),
        (typeof(V1ContainerStatus), "imageID"),
        (typeof(V1ContainerStatus), "image"),
        (typeof(V1RoleRef), "apiGroup"),
        (typeof(V1Condition), "message"),
    ];

    public static bool IsAlwaysPresent(Type owner, string field) =>
        AlwaysPresent.Contains((owner, field)) || (Parts.Contains(field) && owner.GetProperty("Metadata")?.PropertyType == typeof(V1ObjectMeta));

    public static bool IsNullWhenEmpty(Type owner, string field) => NullWhenEmpty.Contains((owner, field));

    public static bool IsOmitted(Type owner, string field, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type == typeof(string) ? !KeptTexts.Contains((owner, field))
            : type == typeof(bool) ? (field == "readOnly" ? !KeptReadOnly.Contains(owner) : OmittedFlags.Contains((owner, field)))
            : OmittedNumbers.Contains((owner, field));
    }
}

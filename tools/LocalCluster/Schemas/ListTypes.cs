using k8s.Models;

namespace Workspaces.LocalCluster.Schemas;

/// <summary>
/// The facts about lists and objects that the client library's classes do not carry, from the OpenAPI of Kubernetes:
/// x-kubernetes-list-type, x-kubernetes-list-map-keys, x-kubernetes-map-type, x-kubernetes-patch-merge-key and -strategy. A list that is
/// not named here is atomic.
/// </summary>
internal static class ListTypes
{
    /// <summary>Lists of objects and the fields that tell items apart.</summary>
    public static IReadOnlyDictionary<(Type Owner, string Field), string[]> MapKeys { get; } = new Dictionary<(Type, string), string[]>
    {
        [(typeof(V1ObjectMeta), "ownerReferences")] = ["uid"],
        [(typeof(V1NamespaceStatus), "conditions")] = ["type"],
        [(typeof(V1PodSpec), "containers")] = ["name"],
        [(typeof(V1PodSpec), "initContainers")] = ["name"],
        [(typeof(V1PodSpec), "ephemeralContainers")] = ["name"],
        [(typeof(V1PodSpec), "volumes")] = ["name"],
        [(typeof(V1PodSpec), "hostAliases")] = ["ip"],
        [(typeof(V1PodSpec), "imagePullSecrets")] = ["name"],
        [(typeof(V1PodSpec), "resourceClaims")] = ["name"],
        [(typeof(V1PodSpec), "schedulingGates")] = ["name"],
        [(typeof(V1PodSpec), "topologySpreadConstraints")] = ["topologyKey", "whenUnsatisfiable"],
        [(typeof(V1Container), "env")] = ["name"],
        [(typeof(V1Container), "ports")] = ["containerPort", "protocol"],
        [(typeof(V1Container), "volumeMounts")] = ["mountPath"],
        [(typeof(V1Container), "volumeDevices")] = ["devicePath"],
        [(typeof(V1EphemeralContainer), "env")] = ["name"],
        [(typeof(V1EphemeralContainer), "ports")] = ["containerPort", "protocol"],
        [(typeof(V1EphemeralContainer), "volumeMounts")] = ["mountPath"],
        [(typeof(V1EphemeralContainer), "volumeDevices")] = ["devicePath"],
        [(typeof(V1ResourceRequirements), "claims")] = ["name"],
        [(typeof(V1PodStatus), "conditions")] = ["type"],
        [(typeof(V1PodStatus), "podIPs")] = ["ip"],
        [(typeof(V1PodStatus), "resourceClaimStatuses")] = ["name"],
        [(typeof(V1ContainerStatus), "allocatedResourcesStatus")] = ["name"],
        [(typeof(V1ContainerStatus), "volumeMounts")] = ["mountPath"],
        [(typeof(V1ServiceSpec), "ports")] = ["port", "protocol"],
        [(typeof(V1ServiceStatus), "conditions")] = ["type"],
        [(typeof(V1ServiceAccount), "secrets")] = ["name"],
        [(typeof(V1PersistentVolumeClaimStatus), "conditions")] = ["type"],
        [(typeof(V1NodeStatus), "addresses")] = ["type"],
        [(typeof(V1NodeStatus), "conditions")] = ["type"],
        [(typeof(V1DeploymentStatus), "conditions")] = ["type"],
        [(typeof(V1ReplicaSetStatus), "conditions")] = ["type"],
        [(typeof(V1StatefulSetStatus), "conditions")] = ["type"],
        [(typeof(V1DaemonSetStatus), "conditions")] = ["type"],
        [(typeof(V1PodDisruptionBudgetStatus), "conditions")] = ["type"],
    };

    /// <summary>Lists of scalars without duplicates.</summary>
    public static IReadOnlySet<(Type Owner, string Field)> Sets { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1ObjectMeta), "finalizers"),
        (typeof(V1Endpoint), "addresses"),
        (typeof(V1NodeSpec), "podCIDRs"),
    };

    /// <summary>Objects that are replaced as a whole.</summary>
    public static IReadOnlySet<Type> AtomicStructs { get; } = new HashSet<Type>
    {
        typeof(V1OwnerReference), typeof(V1NodeSelector), typeof(V1NodeSelectorTerm), typeof(V1LabelSelector), typeof(V1ConfigMapKeySelector),
        typeof(V1SecretKeySelector), typeof(V1ObjectFieldSelector), typeof(V1ResourceFieldSelector), typeof(V1FileKeySelector),
        typeof(V1LocalObjectReference), typeof(V1TypedLocalObjectReference), typeof(V1EndpointAddress), typeof(V1ObjectReference),
        typeof(Corev1EndpointPort), typeof(Discoveryv1EndpointPort), typeof(V1SecretReference), typeof(V1ScopeSelector),
        typeof(V1TopologySelectorTerm), typeof(V1RoleRef), typeof(Rbacv1Subject),
    };

    /// <summary>Maps that are replaced as a whole.</summary>
    public static IReadOnlySet<(Type Owner, string Field)> AtomicMaps { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1PodSpec), "nodeSelector"),
        (typeof(V1ServiceSpec), "selector"),
    };

    /// <summary>What a key field is where an item leaves it out.</summary>
    public static IReadOnlyDictionary<(Type Owner, string Field), string> KeyDefaults { get; } = new Dictionary<(Type, string), string>
    {
        [(typeof(V1ContainerPort), "protocol")] = "TCP",
        [(typeof(V1ServicePort), "protocol")] = "TCP",
    };

    /// <summary>
    /// Lists that strategic merge patch replaces although apply merges them: their Go types carry no patchMergeKey.
    /// </summary>
    public static IReadOnlySet<(Type Owner, string Field)> NotPatchMerged { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1ResourceRequirements), "claims"),
    };

    /// <summary>Fields whose strategic merge patch drops the keys that it does not name (patchStrategy retainKeys).</summary>
    public static IReadOnlySet<(Type Owner, string Field)> RetainKeys { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1PodSpec), "volumes"),
        (typeof(V1PodSpec), "resourceClaims"),
        (typeof(V1DeploymentSpec), "strategy"),
    };
}

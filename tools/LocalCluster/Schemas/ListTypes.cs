using System.Reflection;
using System.Text.Json.Serialization;
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
        [(typeof(V1ResourceStatus), "resources")] = ["resourceID"],
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
        (typeof(V1ContainerRestartRuleOnExitCodes), "values"),
        (typeof(V1Endpoint), "addresses"),
        (typeof(V1NodeAllocatableResourceClaimStatus), "containers"),
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

    /// <summary>
    /// What a key field counts as where an item leaves it out: its default, or the zero of its type; null where it can be left out and then
    /// names nothing.
    /// </summary>
    public static object? KeyDefault(Type item, string field)
    {
        if (item == typeof(V1ObjectReference))
        {
            return null;
        }

        if (field == "protocol")
        {
            return "TCP";
        }

        var property = item.GetProperties().Single(p => p.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name == field);
        return (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(string) ? "" : 0L;
    }

    /// <summary>
    /// Lists that strategic merge patch replaces although apply merges them: their Go types carry no patchMergeKey.
    /// </summary>
    public static IReadOnlySet<(Type Owner, string Field)> NotPatchMerged { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1ResourceRequirements), "claims"),
        (typeof(V1ResourceStatus), "resources"),
    };

    /// <summary>Lists that strategic merge patch merges by a key although apply replaces them.</summary>
    public static IReadOnlyDictionary<(Type Owner, string Field), string> PatchMergedOnly { get; } = new Dictionary<(Type, string), string>
    {
        [(typeof(V1PodStatus), "hostIPs")] = "ip",
    };

    /// <summary>Sets that strategic merge patch adds to; the other sets it replaces.</summary>
    public static IReadOnlySet<(Type Owner, string Field)> PatchMergedSets { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1ObjectMeta), "finalizers"),
        (typeof(V1NodeSpec), "podCIDRs"),
    };

    /// <summary>Objects that strategic merge patch replaces as a whole.</summary>
    public static IReadOnlySet<(Type Owner, string Field)> PatchReplaced { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1PodDisruptionBudgetSpec), "selector"),
    };

    /// <summary>Fields whose strategic merge patch drops the keys that it does not name (patchStrategy retainKeys).</summary>
    public static IReadOnlySet<(Type Owner, string Field)> RetainKeys { get; } = new HashSet<(Type, string)>
    {
        (typeof(V1PodSpec), "volumes"),
        (typeof(V1PodSpec), "resourceClaims"),
        (typeof(V1DeploymentSpec), "strategy"),
    };
}

using k8s.Models;

namespace Workspaces.LocalCluster.Api;

/// <summary>The resource registry: every kind that this cluster knows. Adding a kind is adding a row here.</summary>
public static class ResourceTypes
{
    private static readonly string[] Workload = ["all"];

    public static ResourceType Namespaces { get; } = Core("namespaces", "Namespace", typeof(V1Namespace), namespaced: false) with
    {
        ShortNames = ["ns"],
        Subresources = ["status", "finalize"],
        Verbs = ["create", "delete", "get", "list", "patch", "update", "watch"],
    };

    public static ResourceType Pods { get; } = Core("pods", "Pod", typeof(V1Pod)) with
    {
        ShortNames = ["po"],
        Categories = Workload,
        CountsGenerations = true,
        Subresources = ["status", "log", "exec", "attach", "portforward", "ephemeralcontainers", "eviction", "binding", "resize"],
    };

    public static ResourceType Bindings { get; } = Core("bindings", "Binding", typeof(V1Binding)) with { Verbs = ["create"] };

    public static ResourceType PodTemplates { get; } = Core("podtemplates", "PodTemplate", typeof(V1PodTemplate)) with { CountsGenerations = true };

    public static ResourceType Services { get; } = Core("services", "Service", typeof(V1Service)) with
    {
        ShortNames = ["svc"],
        Categories = Workload,
        Subresources = ["status"],
    };

    public static ResourceType Endpoints { get; } = Core("endpoints", "Endpoints", typeof(V1Endpoints)) with { ShortNames = ["ep"] };

    public static ResourceType ConfigMaps { get; } = Core("configmaps", "ConfigMap", typeof(V1ConfigMap)) with { ShortNames = ["cm"] };

    public static ResourceType Secrets { get; } = Core("secrets", "Secret", typeof(V1Secret));

    public static ResourceType ServiceAccounts { get; } = Core("serviceaccounts", "ServiceAccount", typeof(V1ServiceAccount)) with
    {
        ShortNames = ["sa"],
        Subresources = ["token"],
    };

    public static ResourceType PersistentVolumeClaims { get; } =
        Core("persistentvolumeclaims", "PersistentVolumeClaim", typeof(V1PersistentVolumeClaim)) with { ShortNames = ["pvc"], Subresources = ["status"] };

    public static ResourceType PersistentVolumes { get; } =
        Core("persistentvolumes", "PersistentVolume", typeof(V1PersistentVolume), namespaced: false) with { ShortNames = ["pv"], Subresources = ["status"] };

    public static ResourceType Nodes { get; } = Core("nodes", "Node", typeof(V1Node), namespaced: false) with
    {
        ShortNames = ["no"],
        Subresources = ["status"],
    };

    public static ResourceType Events { get; } = Core("events", "Event", typeof(Corev1Event)) with { ShortNames = ["ev"] };

    public static ResourceType ResourceQuotas { get; } = Core("resourcequotas", "ResourceQuota", typeof(V1ResourceQuota)) with
    {
        ShortNames = ["quota"],
        Subresources = ["status"],
    };

    public static ResourceType LimitRanges { get; } = Core("limitranges", "LimitRange", typeof(V1LimitRange)) with { ShortNames = ["limits"] };

    public static ResourceType Deployments { get; } = Apps("deployments", "Deployment", typeof(V1Deployment)) with
    {
        ShortNames = ["deploy"],
        Subresources = ["status", "scale"],
    };

    public static ResourceType ReplicaSets { get; } = Apps("replicasets", "ReplicaSet", typeof(V1ReplicaSet)) with
    {
        ShortNames = ["rs"],
        Subresources = ["status", "scale"],
    };

    public static ResourceType StatefulSets { get; } = Apps("statefulsets", "StatefulSet", typeof(V1StatefulSet)) with
    {
        ShortNames = ["sts"],
        Subresources = ["status", "scale"],
    };

    public static ResourceType DaemonSets { get; } = Apps("daemonsets", "DaemonSet", typeof(V1DaemonSet)) with
    {
        ShortNames = ["ds"],
        Subresources = ["status"],
    };

    public static ResourceType ControllerRevisions { get; } = Apps("controllerrevisions", "ControllerRevision", typeof(V1ControllerRevision)) with
    {
        Categories = [],
        CountsGenerations = false,
    };

    public static ResourceType EndpointSlices { get; } = InGroup("discovery.k8s.io", "endpointslices", "EndpointSlice", typeof(V1EndpointSlice)) with
    {
        CountsGenerations = true,
    };

    public static ResourceType NetworkPolicies { get; } = InGroup("networking.k8s.io", "networkpolicies", "NetworkPolicy", typeof(V1NetworkPolicy)) with
    {
        ShortNames = ["netpol"],
        CountsGenerations = true,
    };

    public static ResourceType PodDisruptionBudgets { get; } =
        InGroup("policy", "poddisruptionbudgets", "PodDisruptionBudget", typeof(V1PodDisruptionBudget)) with
        {
            ShortNames = ["pdb"],
            CountsGenerations = true,
            Subresources = ["status"],
        };

    public static ResourceType Leases { get; } = InGroup("coordination.k8s.io", "leases", "Lease", typeof(V1Lease));

    public static ResourceType StorageClasses { get; } =
        InGroup("storage.k8s.io", "storageclasses", "StorageClass", typeof(V1StorageClass), namespaced: false) with { ShortNames = ["sc"] };

    public static ResourceType PriorityClasses { get; } =
        InGroup("scheduling.k8s.io", "priorityclasses", "PriorityClass", typeof(V1PriorityClass), namespaced: false) with { ShortNames = ["pc"] };

    public static ResourceType Roles { get; } = InGroup("rbac.authorization.k8s.io", "roles", "Role", typeof(V1Role));

    public static ResourceType RoleBindings { get; } = InGroup("rbac.authorization.k8s.io", "rolebindings", "RoleBinding", typeof(V1RoleBinding));

    public static ResourceType ClusterRoles { get; } =
        InGroup("rbac.authorization.k8s.io", "clusterroles", "ClusterRole", typeof(V1ClusterRole), namespaced: false);

    public static ResourceType ClusterRoleBindings { get; } =
        InGroup("rbac.authorization.k8s.io", "clusterrolebindings", "ClusterRoleBinding", typeof(V1ClusterRoleBinding), namespaced: false);

    public static ResourceType SubjectAccessReviews { get; } = Review("authorization.k8s.io", "SubjectAccessReview", typeof(V1SubjectAccessReview));

    public static ResourceType LocalSubjectAccessReviews { get; } =
        Review("authorization.k8s.io", "LocalSubjectAccessReview", typeof(V1LocalSubjectAccessReview)) with { Namespaced = true };

    public static ResourceType SelfSubjectAccessReviews { get; } =
        Review("authorization.k8s.io", "SelfSubjectAccessReview", typeof(V1SelfSubjectAccessReview));

    public static ResourceType SelfSubjectRulesReviews { get; } =
        Review("authorization.k8s.io", "SelfSubjectRulesReview", typeof(V1SelfSubjectRulesReview));

    public static ResourceType TokenReviews { get; } = Review("authentication.k8s.io", "TokenReview", typeof(V1TokenReview));

    public static ResourceType SelfSubjectReviews { get; } = Review("authentication.k8s.io", "SelfSubjectReview", typeof(V1SelfSubjectReview));

    /// <summary>Every kind, in the order of discovery. Declared last: it reads the properties above.</summary>
    public static IReadOnlyList<ResourceType> All { get; } =
    [
        Bindings, ConfigMaps, Endpoints, Events, LimitRanges, Namespaces, Nodes, PersistentVolumeClaims, PersistentVolumes, Pods, PodTemplates, ResourceQuotas,
        Secrets, ServiceAccounts, Services,
        ControllerRevisions, DaemonSets, Deployments, ReplicaSets, StatefulSets,
        SelfSubjectReviews, TokenReviews,
        LocalSubjectAccessReviews, SelfSubjectAccessReviews, SelfSubjectRulesReviews, SubjectAccessReviews,
        Leases, EndpointSlices, NetworkPolicies, PodDisruptionBudgets,
        ClusterRoleBindings, ClusterRoles, RoleBindings, Roles,
        PriorityClasses, StorageClasses,
    ];

    private static readonly Dictionary<(string, string, string), ResourceType> ByPath = All.ToDictionary(t => (t.Group, t.Version, t.Plural));

    private static readonly Dictionary<(string, string), ResourceType> ByKind = All.ToDictionary(t => (t.ApiVersion, t.Kind));

    /// <summary>The type that a path names, or null.</summary>
    public static ResourceType? Find(string group, string version, string plural) => ByPath.GetValueOrDefault((group, version, plural));

    /// <summary>The type that an object's apiVersion and kind name, or null.</summary>
    public static ResourceType? FindKind(string apiVersion, string kind) => ByKind.GetValueOrDefault((apiVersion, kind));

    private static ResourceType Core(string plural, string kind, Type model, bool namespaced = true) => InGroup("", plural, kind, model, namespaced);

    private static ResourceType Apps(string plural, string kind, Type model) =>
        InGroup("apps", plural, kind, model) with { Categories = Workload, CountsGenerations = true };

    private static ResourceType Review(string group, string kind, Type model) =>
        InGroup(group, kind.ToLowerInvariant() + "s", kind, model, namespaced: false) with { Verbs = ["create"] };

    private static ResourceType InGroup(string group, string plural, string kind, Type model, bool namespaced = true) => new()
    {
        Group = group,
        Version = "v1",
        Plural = plural,
        Kind = kind,
        Namespaced = namespaced,
        Model = model,
    };
}

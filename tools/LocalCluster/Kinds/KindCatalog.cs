using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Which rules go with which type.</summary>
internal static class KindCatalog
{
    private static readonly KindRules Plain = new();

    private static readonly Dictionary<ResourceType, KindRules> Rules = new()
    {
        [ResourceTypes.Namespaces] = new NamespaceRules(),
        [ResourceTypes.Pods] = new PodRules(),
        [ResourceTypes.PodTemplates] = new PodTemplateRules(),
        [ResourceTypes.Services] = new ServiceRules(),
        [ResourceTypes.ConfigMaps] = new ConfigRules(isSecret: false),
        [ResourceTypes.Secrets] = new ConfigRules(isSecret: true),
        [ResourceTypes.PersistentVolumeClaims] = new ClaimRules(),
        [ResourceTypes.PersistentVolumes] = new VolumeRules(),
        [ResourceTypes.Deployments] = new DeploymentRules(),
        [ResourceTypes.ReplicaSets] = new ReplicaSetRules(),
        [ResourceTypes.StatefulSets] = new StatefulSetRules(),
        [ResourceTypes.DaemonSets] = new DaemonSetRules(),
        [ResourceTypes.NetworkPolicies] = new NetworkPolicyRules(),
        [ResourceTypes.EndpointSlices] = new EndpointSliceRules(),
        [ResourceTypes.Endpoints] = new EndpointsRules(),
        [ResourceTypes.Roles] = new RoleRules(isNamespaced: true),
        [ResourceTypes.ClusterRoles] = new RoleRules(isNamespaced: false),
        [ResourceTypes.RoleBindings] = new BindingRules(isNamespaced: true),
        [ResourceTypes.ClusterRoleBindings] = new BindingRules(isNamespaced: false),
        [ResourceTypes.StorageClasses] = new StorageClassRules(),
        [ResourceTypes.PriorityClasses] = new PriorityClassRules(),
        [ResourceTypes.ControllerRevisions] = new ControllerRevisionRules(),
        [ResourceTypes.PodDisruptionBudgets] = new DisruptionBudgetRules(),
        [ResourceTypes.Leases] = new LeaseRules(),
        [ResourceTypes.ResourceQuotas] = new QuotaRules(),
        [ResourceTypes.LimitRanges] = new LimitRangeRules(),
    };

    public static KindRules Of(ResourceType type) => Rules.GetValueOrDefault(type, Plain);
}

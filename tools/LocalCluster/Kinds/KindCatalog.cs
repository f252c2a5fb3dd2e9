using System.Text.Json.Nodes;
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
        [ResourceTypes.PodTemplates] = new DefaultsOnly(o => PodDefaults.OfSpec(o.Ensure("template").Ensure("spec"))),
        [ResourceTypes.Services] = new ServiceRules(),
        [ResourceTypes.ConfigMaps] = new ConfigRules(isSecret: false),
        [ResourceTypes.Secrets] = new ConfigRules(isSecret: true),
        [ResourceTypes.PersistentVolumeClaims] = new ClaimRules(),
        [ResourceTypes.PersistentVolumes] = new DefaultsOnly(o =>
        {
            o.Ensure("spec").SetDefault("persistentVolumeReclaimPolicy", "Retain");
            o.Ensure("spec").SetDefault("volumeMode", "Filesystem");
        }),
        [ResourceTypes.Deployments] = new DeploymentRules(),
        [ResourceTypes.ReplicaSets] = new ReplicaSetRules(),
        [ResourceTypes.StatefulSets] = new StatefulSetRules(),
        [ResourceTypes.DaemonSets] = new DaemonSetRules(),
        [ResourceTypes.NetworkPolicies] = new NetworkPolicyRules(),
        [ResourceTypes.EndpointSlices] = new DefaultsOnly(o => DefaultProtocol(o.Objects("ports"))),
        [ResourceTypes.Endpoints] = new DefaultsOnly(o => DefaultProtocol(o.Objects("subsets").SelectMany(s => s.Objects("ports")))),
        [ResourceTypes.Roles] = new RoleRules(),
        [ResourceTypes.ClusterRoles] = new RoleRules(),
        [ResourceTypes.RoleBindings] = new BindingRules(),
        [ResourceTypes.ClusterRoleBindings] = new BindingRules(),
        [ResourceTypes.StorageClasses] = new DefaultsOnly(o =>
        {
            o.SetDefault("reclaimPolicy", "Delete");
            o.SetDefault("volumeBindingMode", "Immediate");
        }),
        [ResourceTypes.PriorityClasses] = new DefaultsOnly(o => o.SetDefault("preemptionPolicy", "PreemptLowerPriority")),
        [ResourceTypes.PodDisruptionBudgets] = new DisruptionBudgetRules(),
        [ResourceTypes.Leases] = new LeaseRules(),
        [ResourceTypes.ResourceQuotas] = new QuotaRules(),
        [ResourceTypes.LimitRanges] = new LimitRangeRules(),
    };

    public static KindRules Of(ResourceType type) => Rules.GetValueOrDefault(type, Plain);

    private static void DefaultProtocol(IEnumerable<JsonObject> ports)
    {
        foreach (var port in ports)
        {
            port.SetDefault("protocol", "TCP");
        }
    }
}

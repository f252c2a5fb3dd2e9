using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>Which usage rules go with which kind. Events count against nothing.</summary>
internal static class UsageCatalog
{
    public static IReadOnlyList<UsageRules> All { get; } =
        [.. ResourceTypes.All.Where(t => t.Namespaced && t != ResourceTypes.Events && t.Verbs is not ["create"]).Select(Make)];

    private static readonly Dictionary<ResourceType, UsageRules> ByType = All.ToDictionary(r => r.Type);

    public static UsageRules? Of(ResourceType type) => ByType.GetValueOrDefault(type);

    private static UsageRules Make(ResourceType type) =>
        type == ResourceTypes.Pods ? new PodUsage()
        : type == ResourceTypes.Services ? new ServiceUsage()
        : type == ResourceTypes.PersistentVolumeClaims ? new ClaimUsage()
        : new ObjectCountUsage(type, type.Plural is "configmaps" or "secrets" or "resourcequotas" ? type.Plural : null);
}

using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Operations;

/// <summary>What an update of each kind may do, beyond changing what is there.</summary>
internal static class UpdateStrategy
{
    private static readonly HashSet<ResourceType> CreatedByUpdate =
    [
        ResourceTypes.Endpoints, ResourceTypes.Events, ResourceTypes.LimitRanges, ResourceTypes.Services, ResourceTypes.Leases, ResourceTypes.Roles,
        ResourceTypes.ClusterRoles, ResourceTypes.RoleBindings, ResourceTypes.ClusterRoleBindings,
    ];

    private static readonly HashSet<ResourceType> VersionRequired = [ResourceTypes.PodDisruptionBudgets, ResourceTypes.Leases];

    /// <summary>Whether an update of what does not exist creates it.</summary>
    public static bool AllowsCreate(ResourceType type) => CreatedByUpdate.Contains(type);

    /// <summary>Whether an update may leave out the resourceVersion and so overwrite whatever is there.</summary>
    public static bool AllowsUnconditional(ResourceType type) => !VersionRequired.Contains(type);
}

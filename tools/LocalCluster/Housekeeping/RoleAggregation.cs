using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>Keeps aggregated ClusterRoles up to date as ClusterRoles come, change and go.</summary>
internal sealed class RoleAggregation(ObjectStore store, AggregatedRoles roles, ILogger<RoleAggregation> log) : Housekeeper(store, log)
{
    protected override void Start() => roles.Refresh();

    protected override void React(StoredChange change)
    {
        if (change.Current.Type == ResourceTypes.ClusterRoles)
        {
            roles.Refresh();
        }
    }
}

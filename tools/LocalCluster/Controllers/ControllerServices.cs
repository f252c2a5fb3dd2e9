using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Claims;
using Workspaces.LocalCluster.Controllers.DaemonSets;
using Workspaces.LocalCluster.Controllers.Deployments;
using Workspaces.LocalCluster.Controllers.Disruptions;
using Workspaces.LocalCluster.Controllers.Endpoints;
using Workspaces.LocalCluster.Controllers.Nodes;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Controllers.ReplicaSets;
using Workspaces.LocalCluster.Controllers.StatefulSets;

namespace Workspaces.LocalCluster.Controllers;

/// <summary>Registers the controllers.</summary>
public static class ControllerServices
{
    /// <summary>Adds the controllers as a hosted service. The content of claims is kept in folders below <paramref name="stateFolder"/>/claims.</summary>
    public static IServiceCollection AddClusterControllers(this IServiceCollection services, string stateFolder)
    {
        services.AddSingleton<ClusterView>();
        services.AddSingleton<IReconciler, ReplicaSetReconciler>();
        services.AddSingleton<IReconciler, DeploymentReconciler>();
        services.AddSingleton<IReconciler, StatefulSetReconciler>();
        services.AddSingleton<IReconciler, DaemonSetReconciler>();
        services.AddSingleton<IReconciler, DisruptionBudgetReconciler>();
        services.AddSingleton<IReconciler, EndpointSliceReconciler>();
        services.AddSingleton<IReconciler>(provider => new ClaimReconciler(provider.GetRequiredService<IClusterApi>(), Path.Combine(Path.GetFullPath(stateFolder), "claims")));
        services.AddSingleton<IReconciler>(provider => new NodeHealthReconciler(
            provider.GetRequiredService<IClusterApi>(), provider.GetRequiredService<LocalClusterOptions>().NodeMonitorGracePeriod, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IReconciler, TaintEvictionReconciler>();
        return services.AddHostedService<ControllerHost>();
    }
}

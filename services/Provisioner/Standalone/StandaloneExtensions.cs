using Workspaces.Cluster;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults;

namespace Workspaces.Provisioner.Standalone;

/// <summary>Adds the worker of standalone workspaces.</summary>
internal static class StandaloneExtensions
{
    public static IHostApplicationBuilder AddStandaloneWorkspaces(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<StandaloneStart>();
        return builder.AddWorker<StandaloneReconciler>(
            ServiceName.Provisioner, WorkspaceModel.Standalone, options => PodScope.Standalone(options.Namespace));
    }
}

using Workspaces.Cluster;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults;

namespace Workspaces.Injector.Injecting;

/// <summary>Adds the worker of injected workspaces.</summary>
internal static class InjectionExtensions
{
    public static IHostApplicationBuilder AddInjectedWorkspaces(this IHostApplicationBuilder builder) =>
        builder.AddWorker<InjectionReconciler>(ServiceName.Injector, WorkspaceModel.Injection, _ => PodScope.Injected());
}

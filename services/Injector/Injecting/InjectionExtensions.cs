using Workspaces.Cluster;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.Injector.Preflight;
using Workspaces.Injector.Targets;
using Workspaces.ServiceDefaults;

namespace Workspaces.Injector.Injecting;

/// <summary>Adds the worker of injected workspaces.</summary>
internal static class InjectionExtensions
{
    public static IHostApplicationBuilder AddInjectedWorkspaces(this IHostApplicationBuilder builder)
    {
        builder.Services.AddInjection(builder.Configuration);
        return builder.AddWorker<InjectionReconciler>(ServiceName.Injector, WorkspaceModel.Injection, _ => PodScope.Injected());
    }

    /// <summary>What the reconciler is made of.</summary>
    public static IServiceCollection AddInjection(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<RequesterOptions>().Bind(configuration.GetSection(RequesterOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WorkloadClient>();
        services.AddSingleton<RevisionClient>();
        services.AddSingleton<TargetFinder>();
        services.AddSingleton<RequesterAccess>();
        services.AddSingleton<References>();
        services.AddSingleton<PreflightCheck>();
        services.AddSingleton<TargetLocks>();
        services.AddSingleton<InjectionStart>();
        services.AddSingleton<InjectionWatch>();
        services.AddSingleton<Ejection>();
        services.AddSingleton<Orphans>();
        return services;
    }
}

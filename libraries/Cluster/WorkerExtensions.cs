using k8s;
using MassTransit;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Workspaces.Cluster.Applying;
using Workspaces.Cluster.Commanding;
using Workspaces.Cluster.Connecting;
using Workspaces.Cluster.Leading;
using Workspaces.Cluster.Naming;
using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Rendering;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults;
using Workspaces.ServiceDefaults.Bus;
using Workspaces.ServiceDefaults.Health;

namespace Workspaces.Cluster;

/// <summary>Everything that both workers consist of; they differ in model, watched pods and reconciler.</summary>
public static class WorkerExtensions
{
    /// <summary>
    /// Cluster client, records, the service's queue, lease, watcher and reconcile loop with <typeparamref name="TReconciler"/> at its
    /// heart. Nothing is read from the queue and no pod is watched before the lease is held.
    /// </summary>
    public static IHostApplicationBuilder AddWorker<TReconciler>(
        this IHostApplicationBuilder builder, ServiceName service, WorkspaceModel model, Func<ClusterOptions, PodScope> scopeOf)
        where TReconciler : class, IWorkspaceReconciler
    {
        builder.Services.AddWorkerCore<TReconciler>(builder.Configuration, model, scopeOf);
        builder.AddBus(
            service, bus => bus.AddConsumer<WorkspaceCommandConsumer, WorkspaceCommandConsumerDefinition>(), QueueStart.ByHand);
        // After the bus: hosted services stop in reverse order, and the work must end while the bus is there.
        builder.Services.AddLeadership(service);
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(ClusterMetrics.Name))
            .WithTracing(tracing => tracing.AddSource(ClusterMetrics.Name));
        return builder;
    }

    /// <summary>Everything but bus and lease: what decides and acts. Needs an <see cref="IEventPublisher"/> and an <see cref="IServiceQueue"/>.</summary>
    public static IServiceCollection AddWorkerCore<TReconciler>(
        this IServiceCollection services, IConfiguration configuration, WorkspaceModel model, Func<ClusterOptions, PodScope> scopeOf)
        where TReconciler : class, IWorkspaceReconciler
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddCluster(configuration);
        services.AddRendering(configuration);
        services.AddOptions<ReconcileOptions>().Bind(configuration.GetSection(ReconcileOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WorkQueue>();
        services.AddSingleton<Tombstones>();
        services.AddSingleton<CommandHandler>();
        services.AddSingleton<RecordPublisher>();
        services.AddSingleton<PodViewHolder>();
        services.AddSingleton<IPodView>(provider => provider.GetRequiredService<PodViewHolder>());
        services.AddSingleton<IWorkspaceReconciler, TReconciler>();
        services.AddSingleton<ReconcileLoop>();
        services.AddSingleton(provider => scopeOf(provider.GetRequiredService<IOptions<ClusterOptions>>().Value));
        services.AddSingleton<IWorkerDuty>(provider => ActivatorUtilities.CreateInstance<ReconcileDuty>(provider, model));
        return services;
    }

    private static void AddCluster(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<ClusterOptions>().Bind(configuration.GetSection(ClusterOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => ClusterConnection.Open(provider.GetRequiredService<IOptions<ClusterOptions>>().Value));
        services.AddSingleton<NamespaceSetup>();
        services.AddSingleton<ClusterEvents>();
        services.AddSingleton<RecordStore>();
        services.AddSingleton<ObjectApplier>();
        services.AddSingleton<HostKeyStore>();
        services.AddSingleton<StandaloneApplier>();
    }

    private static void AddRendering(this IServiceCollection services, IConfiguration configuration) =>
        services.AddOptions<RenderOptions>().Configure(options => RenderConfiguration.Read(configuration, options))
            .ValidateDataAnnotations().ValidateOnStart();

    private static void AddLeadership(this IServiceCollection services, ServiceName service)
    {
        services.AddOptions<LeadershipOptions>().BindConfiguration(LeadershipOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<LeadershipStatus>();
        services.AddSingleton(provider => new LeaderLease(
            provider.GetRequiredService<IKubernetes>(),
            provider.GetRequiredService<IOptions<ClusterOptions>>().Value.SystemNamespace,
            ObjectNames.Lease(service.Key()),
            $"{Environment.MachineName}-{Environment.ProcessId}-{Guid.NewGuid():N}",
            provider.GetRequiredService<IOptions<LeadershipOptions>>().Value,
            provider.GetRequiredService<TimeProvider>()));
        services.AddHostedService<LeaderElectionService>();
        services.AddHealthChecks().AddCheck<ClusterHealthCheck>("cluster", tags: [HealthExtensions.ReadyTag]);
    }
}

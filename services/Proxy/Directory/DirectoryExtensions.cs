using Workspaces.Proxy.Routing;
using Workspaces.ServiceDefaults;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Health;

namespace Workspaces.Proxy.Directory;

internal static class DirectoryExtensions
{
    /// <summary>What the Proxy knows of users, workspaces and instances, and what keeps it in step.</summary>
    public static IHostApplicationBuilder AddDirectory(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ChangeSignal>();
        builder.Services.AddSingleton<RoutingTable>();
        builder.Services.AddSingleton<KeyRing>();

        builder.AddRequestsClient<DirectoryClient>();
        builder.Services.AddSingleton<DirectorySync>();
        builder.Services.AddHostedService(services => services.GetRequiredService<DirectorySync>());
        builder.Services.AddSingleton<ServiceDefaults.Bus.ISubscriptionObserver>(services => services.GetRequiredService<DirectorySync>());
        builder.Services.AddHealthChecks().AddCheck<DirectoryHealthCheck>("directory", tags: [HealthExtensions.ReadyTag]);

        builder.AddBus(ServiceName.Proxy, bus =>
        {
            bus.AddConsumer<InstanceConsumer>();
            bus.AddConsumer<DesiredStateConsumer>();
            bus.AddConsumer<LifecycleConsumer>();
            bus.AddConsumer<UserKeysConsumer>();
        });
        return builder;
    }
}

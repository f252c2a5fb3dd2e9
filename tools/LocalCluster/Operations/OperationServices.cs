using Workspaces.LocalCluster.Admission;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Operations;

/// <summary>Registers storage and the operations on it.</summary>
internal static class OperationServices
{
    public static IServiceCollection AddClusterOperations(this IServiceCollection services, LocalClusterOptions options)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_ => new ObjectStore(Path.Combine(options.StateFolder, "objects")));
        services.AddSingleton(s => new ObjectWriter(s.GetRequiredService<ObjectStore>(), [.. s.GetServices<IAdmission>()], s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ObjectPatcher>();
        services.AddSingleton<ObjectRemover>();
        services.AddSingleton<EventRecorder>();
        services.AddSingleton<IClusterApi, ClusterApi>();
        services.AddHostedService<EventExpiry>();
        return services;
    }
}

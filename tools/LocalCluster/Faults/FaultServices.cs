namespace Workspaces.LocalCluster.Faults;

/// <summary>Registers faults.</summary>
internal static class FaultServices
{
    public static IServiceCollection AddFaults(this IServiceCollection services)
    {
        services.AddSingleton<RequestFaults>();
        services.AddSingleton<FaultApi>();
        return services;
    }
}

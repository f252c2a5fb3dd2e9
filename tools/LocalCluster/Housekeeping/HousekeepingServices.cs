namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>Registers what looks after objects of all kinds.</summary>
internal static class HousekeepingServices
{
    public static IServiceCollection AddHousekeeping(this IServiceCollection services)
    {
        services.AddHostedService<NamespaceContent>();
        services.AddHostedService<GarbageCollector>();
        services.AddHostedService<NamespaceFinalizer>();
        services.AddHostedService<ClaimProtection>();
        services.AddHostedService<QuotaStatus>();
        services.AddSingleton<AggregatedRoles>();
        services.AddHostedService<RoleAggregation>();
        return services;
    }
}

namespace Workspaces.LocalCluster.Admission;

/// <summary>Registers admission, in the order in which it runs.</summary>
internal static class AdmissionServices
{
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.AddSingleton<IAdmission, UnservedKindAdmission>();
        services.AddSingleton<IAdmission, ServiceAccountAdmission>();
        services.AddSingleton<IAdmission, PodBasicsAdmission>();
        return services;
    }
}

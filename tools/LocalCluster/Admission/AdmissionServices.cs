using Workspaces.LocalCluster.Admission.Limits;
using Workspaces.LocalCluster.Admission.PodSecurity;
using Workspaces.LocalCluster.Admission.Quota;

namespace Workspaces.LocalCluster.Admission;

/// <summary>Registers admission, in the order in which it runs.</summary>
internal static class AdmissionServices
{
    public static IServiceCollection AddAdmission(this IServiceCollection services)
    {
        services.AddSingleton<IAdmission, LimitRangeAdmission>();
        services.AddSingleton<IAdmission, EscalationAdmission>();
        services.AddSingleton<IAdmission, ServiceAccountAdmission>();
        services.AddSingleton<IAdmission, PodSecurityAdmission>();
        services.AddSingleton<IAdmission, PodBasicsAdmission>();
        services.AddSingleton<IAdmission, UnenforcedAdmission>();
        services.AddSingleton<IAdmission, QuotaAdmission>();
        return services;
    }
}

using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Access;

/// <summary>Registers authentication and authorization.</summary>
internal static class AccessServices
{
    public static IServiceCollection AddClusterAccess(this IServiceCollection services, LocalClusterOptions options)
    {
        var folder = Path.Combine(options.StateFolder, "pki");
        Directory.CreateDirectory(folder);
        services.AddSingleton(s => CertificateAuthority.Open(folder, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new ServiceAccountTokens(s.GetRequiredService<ObjectStore>(), folder, s.GetRequiredService<TimeProvider>()));
        services.AddSingleton(s => new Authenticator(s.GetRequiredService<CertificateAuthority>(), s.GetRequiredService<ServiceAccountTokens>(), folder));
        services.AddSingleton<RoleBasedAuthorizer>();
        services.AddSingleton<Impersonator>();
        services.AddSingleton<Node.Volumes.IServiceAccountTokens, PodTokens>();
        return services;
    }
}

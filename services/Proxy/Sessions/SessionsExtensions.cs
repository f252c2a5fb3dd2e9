using Workspaces.Proxy.Sessions.Spool;

namespace Workspaces.Proxy.Sessions;

internal static class SessionsExtensions
{
    /// <summary>Sessions, their right to go on, and their audit trail.</summary>
    /// <exception cref="SpoolException">The spool cannot be used.</exception>
    public static IHostApplicationBuilder AddSessions(this IHostApplicationBuilder builder, ProxyOptions options)
    {
        var folder = options.SpoolFolder is { Length: > 0 } named ? named
            : throw new ProxyConfigurationException("Proxy:SpoolFolder is not set. Name a folder for this Proxy alone, on a disk that outlives the process.");
        var spool = new AuditSpool(folder, TimeProvider.System);
        builder.Services.AddSingleton(_ => spool); // by a factory, so that the container disposes it
        builder.Services.AddSingleton<SessionRegistry>();
        builder.Services.AddSingleton<AuthenticationFailures>();
        builder.Services.AddHostedService<SpoolPublisher>();
        builder.Services.AddHostedService<SpoolKeeper>();
        builder.Services.AddHostedService<SessionGuard>();
        builder.Services.AddHostedService<ActivityReporter>();
        builder.Services.AddHostedService(services => services.GetRequiredService<AuthenticationFailures>());
        return builder;
    }
}

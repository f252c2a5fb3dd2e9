using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Hosting;
using Workspaces.ServiceDefaults.Health;
using Workspaces.ServiceDefaults.Http;
using Workspaces.ServiceDefaults.Telemetry;

namespace Workspaces.ServiceDefaults;

/// <summary>What every service of the suite does alike.</summary>
public static class ServiceDefaultsExtensions
{
    /// <summary>Telemetry, health, the JSON conventions of the contracts, problem details for errors, and limits of the HTTP server.</summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder, ServiceName service)
    {
        builder.AddTelemetry(service);
        builder.AddHealth();
        builder.AddHttpConventions();
        return builder;
    }

    /// <summary>
    /// Error handling, authentication where it was added, and <c>/health/live</c> and <c>/health/ready</c>. Call it before mapping
    /// the service's own endpoints.
    /// </summary>
    public static WebApplication MapServiceDefaults(this WebApplication app)
    {
        app.UseHttpConventions();
        app.MapHealth();
        return app;
    }
}

using Workspaces.ServiceDefaults.Health;

namespace Workspaces.Requests.Blueprints;

/// <summary>Blueprints: the folder they come from, and what is made of them.</summary>
public static class BlueprintsSetup
{
    /// <summary>Registers the capability.</summary>
    public static WebApplicationBuilder AddBlueprints(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<BlueprintsOptions>(builder.Configuration.GetSection(BlueprintsOptions.Section));
        builder.Services.AddSingleton<BlueprintCatalog>();
        builder.Services.AddHostedService<BlueprintFolderWatcher>();
        builder.Services.AddHealthChecks().AddCheck<BlueprintsHealthCheck>("blueprints", tags: [HealthExtensions.ReadyTag]);
        return builder;
    }
}

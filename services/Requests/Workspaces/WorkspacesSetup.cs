using Workspaces.Requests.Workspaces.Api;

namespace Workspaces.Requests.Workspaces;

/// <summary>Workspaces: their streams and their API.</summary>
public static class WorkspacesSetup
{
    /// <summary>Registers the capability.</summary>
    public static WebApplicationBuilder AddWorkspaces(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<ProxyOptions>(builder.Configuration.GetSection(ProxyOptions.Section));
        builder.Services.AddSingleton<WorkspaceStore>();
        builder.Services.AddSingleton<WorkspaceQuery>();
        builder.Services.AddSingleton<WorkspaceChanges>();
        builder.Services.AddSingleton<WorkspaceAccess>();
        builder.Services.AddSingleton<WorkspaceCreation>();
        builder.Services.AddSingleton<WorkspaceWaiter>();
        builder.Services.AddSingleton<WorkspaceViews>();
        builder.Services.AddHostedService<IdempotencyCleanup>();
        return builder;
    }
}

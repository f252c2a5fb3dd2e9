using Workspaces.Proxy.LoginNames;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Proxy.Connecting;

internal static class ConnectingExtensions
{
    /// <summary>The way from a login name to an instance, workspaces made on the way included.</summary>
    public static IHostApplicationBuilder AddConnecting(this IHostApplicationBuilder builder, ProxyOptions options)
    {
        builder.Services.AddSingleton(new LoginNameResolver(options.DefaultBlueprint, options.DefaultWorkloadBlueprint));
        builder.AddRequestsClient<RequestsClient>();
        builder.Services.AddSingleton<WorkspaceAsking>();
        builder.Services.AddSingleton<WaitingRoom>();
        builder.Services.AddSingleton<WorkspaceArrival>();
        builder.Services.AddSingleton<InstanceConnector>();
        return builder;
    }
}

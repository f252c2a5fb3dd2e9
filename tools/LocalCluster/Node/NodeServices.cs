using Workspaces.LocalCluster.Node.Faults;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Node;

/// <summary>Registers the node.</summary>
public static class NodeServices
{
    /// <summary>Adds the node: a hosted service, and the streams of its pods as <see cref="IPodStreams"/> and its faults as <see cref="INodeFaults"/>.</summary>
    public static IServiceCollection AddClusterNode(this IServiceCollection services, NodeOptions options)
    {
        services.AddSingleton(options);
        services.AddSingleton<NodeHost>();
        services.AddSingleton<IPodStreams>(provider => provider.GetRequiredService<NodeHost>());
        services.AddSingleton<INodeFaults>(provider => provider.GetRequiredService<NodeHost>());
        return services.AddHostedService(provider => provider.GetRequiredService<NodeHost>());
    }
}

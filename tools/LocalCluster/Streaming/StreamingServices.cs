namespace Workspaces.LocalCluster.Streaming;

/// <summary>Registers exec, attach, logs and port-forward.</summary>
internal static class StreamingServices
{
    public static IServiceCollection AddClusterStreaming(this IServiceCollection services)
    {
        services.AddSingleton<ExecHandler>();
        services.AddSingleton<LogHandler>();
        services.AddSingleton<PortForwardHandler>();
        return services;
    }
}

namespace Workspaces.LocalCluster.Serving;

/// <summary>Registers the HTTP side of the API.</summary>
internal static class ServingServices
{
    public static IServiceCollection AddClusterServing(this IServiceCollection services)
    {
        services.AddSingleton<ListHandler>();
        services.AddSingleton<WatchHandler>();
        services.AddSingleton<WriteHandler>();
        services.AddSingleton<SubresourceHandler>();
        services.AddSingleton<ReviewHandler>();
        services.AddSingleton<ScaleHandler>();
        services.AddSingleton<TokenHandler>();
        services.AddSingleton<EvictionHandler>();
        services.AddSingleton<BindingHandler>();
        services.AddSingleton<ApiDispatcher>();
        return services;
    }
}

namespace Workspaces.Auditor.Feed;

/// <summary>From the log to subscribers.</summary>
internal static class FeedExtensions
{
    public static IHostApplicationBuilder AddFeed(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HeadFeed>();
        builder.Services.AddHostedService<BrokerFeed>();
        return builder;
    }
}

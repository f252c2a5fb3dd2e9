namespace Workspaces.Requests.Lifetimes;

/// <summary>Time to live and idle stop.</summary>
public static class LifetimesSetup
{
    /// <summary>Registers the capability.</summary>
    public static WebApplicationBuilder AddLifetimes(this WebApplicationBuilder builder)
    {
        builder.Services.Configure<LifetimesOptions>(builder.Configuration.GetSection(LifetimesOptions.Section));
        builder.Services.AddSingleton<UsageStore>();
        builder.Services.AddHostedService<LifetimeClock>();
        return builder;
    }
}

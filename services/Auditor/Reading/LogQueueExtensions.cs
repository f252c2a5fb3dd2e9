using Workspaces.ServiceDefaults;
using Workspaces.ServiceDefaults.Health;

namespace Workspaces.Auditor.Reading;

/// <summary>From the broker into the log.</summary>
internal static class LogQueueExtensions
{
    public static IHostApplicationBuilder AddLogQueue(this IHostApplicationBuilder builder)
    {
        builder.AddBrokerTopology(ServiceName.Auditor);
        builder.Services.AddSingleton<LogQueueState>();
        builder.Services.AddHostedService<LogQueueReader>();
        builder.Services.AddHealthChecks().AddCheck<LogQueueHealthCheck>("log queue", tags: [HealthExtensions.ReadyTag]);
        return builder;
    }
}

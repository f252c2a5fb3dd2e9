using MassTransit;
using Workspaces.Requests.Observing;
using Workspaces.ServiceDefaults;

namespace Workspaces.Requests.Publishing;

/// <summary>The bus: what this service tells others, and what it hears from them.</summary>
public static class PublishingSetup
{
    /// <summary>Registers the capability.</summary>
    public static WebApplicationBuilder AddMessaging(this WebApplicationBuilder builder)
    {
        builder.AddBus(ServiceName.Requests, bus =>
        {
            bus.AddConsumer<LifecycleConsumer, LifecycleConsumerDefinition>();
            bus.AddConsumer<InstanceConsumer>();
            bus.AddConsumer<ActivityConsumer>();
        });
        builder.Services.AddSingleton<EventOutbox>();
        builder.Services.AddHostedService<OutboxRunner>();
        return builder;
    }
}

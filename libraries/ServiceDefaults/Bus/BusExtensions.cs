using MassTransit;
using MassTransit.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RabbitMQ.Client;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Workspaces.ServiceDefaults.Health;

namespace Workspaces.ServiceDefaults;

/// <summary>Connects a service to the bus.</summary>
public static class BusExtensions
{
    /// <summary>How long handlers may go on when the service stops; then they are cancelled.</summary>
    private static readonly TimeSpan HandlersStopWithin = TimeSpan.FromSeconds(5);

    /// <summary>
    /// MassTransit on RabbitMQ (connection string <c>rabbitmq</c>), with the suite's topology, retries and JSON. The consumers
    /// registered by <paramref name="configure"/> read the service's queue (the Proxy's: a temporary one). The host starts also
    /// while the broker is away; readiness follows the connection. Publish by <see cref="IEventPublisher"/>.
    /// </summary>
    public static IHostApplicationBuilder AddBus(
        this IHostApplicationBuilder builder,
        ServiceName service,
        Action<IBusRegistrationConfigurator>? configure = null,
        QueueStart queueStart = QueueStart.WithHost)
    {
        builder.AddBrokerTopology(service);
        builder.Services.AddSingleton<RetryLogger>();
        builder.Services.AddSingleton<IEventPublisher, EventPublisher>();
        builder.Services.AddSingleton<SubscriptionNotifier>();
        builder.Services.AddHostedService(services => services.GetRequiredService<SubscriptionNotifier>());
        builder.Services.Configure<MassTransitHostOptions>(options =>
        {
            options.WaitUntilStarted = false; // the broker may be away
            options.ConsumerStopTimeout = HandlersStopWithin;
            options.StopTimeout = HandlersStopWithin * 3;
        });
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry(); // it would call a host of the library's makers
            bus.ConfigureHealthCheckOptions(options =>
            {
                options.Name = "bus";
                options.Tags.Add(HealthExtensions.ReadyTag);
            });
            configure?.Invoke(bus);
            builder.Services.AddSingleton(new ServiceConsumers([.. bus.Registrar.GetRegistrations<IConsumerRegistration>().Select(consumer => consumer.Type)]));
            bus.UsingRabbitMq((context, rabbit) => Configure(context, rabbit, service, queueStart));
        });
        if (queueStart == QueueStart.ByHand)
        {
            var queue = Topology.QueueOf(service) ?? throw new ArgumentException($"{service} has no durable queue.", nameof(service));
            builder.Services.AddSingleton<IServiceQueue>(services =>
                new ServiceQueue(services.GetRequiredService<IReceiveEndpointConnector>(), queue));
        }

        return builder;
    }

    /// <summary>
    /// Declares <see cref="Topology"/> in the background and provides <see cref="BrokerAddress"/> and <see cref="TopologyGate"/>:
    /// for a service that uses RabbitMQ.Client itself. <see cref="AddBus"/> includes it.
    /// </summary>
    public static IHostApplicationBuilder AddBrokerTopology(this IHostApplicationBuilder builder, ServiceName service)
    {
        builder.Services.TryAddSingleton(services => new BrokerAddress(services.GetRequiredService<IConfiguration>(), service));
        builder.Services.TryAddSingleton<TopologyGate>();
        builder.Services.AddHostedService<TopologyDeclarer>();
        builder.Services.AddHealthChecks().AddCheck<TopologyHealthCheck>("broker topology", HealthStatus.Unhealthy, [HealthExtensions.ReadyTag]);
        return builder;
    }

    /// <summary>Registers what is told when the queue is bound and read, at start and after each reconnect.</summary>
    public static IServiceCollection AddSubscriptionObserver<TObserver>(this IServiceCollection services)
        where TObserver : class, ISubscriptionObserver =>
        services.AddSingleton<ISubscriptionObserver, TObserver>();

    private static void Configure(
        IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, ServiceName service, QueueStart queueStart)
    {
        // MassTransit's log context is static; in a process that makes several hosts (a test) the newest one gets the log.
        LogContext.ConfigureCurrentLogContext(context.GetRequiredService<ILoggerFactory>());
        var instance = $"{service.Key()}.{Environment.MachineName.ToLowerInvariant()}-{Guid.NewGuid():N}";
        var factory = context.GetRequiredService<BrokerAddress>().CreateFactory("bus");
        rabbit.Host(factory.HostName, (ushort)factory.Port, factory.VirtualHost, factory.ClientProvidedName, host =>
        {
            host.Username(factory.UserName);
            host.Password(factory.Password);
            host.PublisherConfirmation = true;
            host.RequestedConnectionTimeout(factory.RequestedConnectionTimeout);
            host.ContinuationTimeout(factory.ContinuationTimeout);
            host.Heartbeat(factory.RequestedHeartbeat);
            if (factory.Ssl.Enabled)
            {
                host.UseSsl(ssl => ssl.ServerName = factory.Ssl.ServerName);
            }
        });
        rabbit.OverrideDefaultBusEndpointQueueName($"{instance}-bus"); // within the account's prefix
        rabbit.ConfigureJsonSerializerOptions(options =>
        {
            ContractsJson.Apply(options);
            options.WriteIndented = false; // MassTransit's default costs a third of every message
            return options;
        });
        foreach (var exchange in Topology.Exchanges)
        {
            rabbit.Publish(exchange.EventType, publish => publish.ExchangeType = ExchangeType.Topic);
        }

        // MassTransit would make an exchange per interface and bind it with an empty key, which a topic exchange never matches.
        rabbit.Publish<IWorkspaceEvent>(publish => publish.Exclude = true);
        rabbit.Publish<IWorkspaceScopedEvent>(publish => publish.Exclude = true);
        rabbit.Publish<IWorkspaceCommand>(publish => publish.Exclude = true);

        if (Topology.QueueOf(service) is not { } queue)
        {
            rabbit.ReceiveEndpoint(instance, endpoint => ServiceEndpoints.ConfigureTemporary(endpoint, context));
        }
        else if (queueStart == QueueStart.WithHost)
        {
            rabbit.ReceiveEndpoint(queue.Name, endpoint => ServiceEndpoints.ConfigureDurable(endpoint, queue, context));
        }
    }
}

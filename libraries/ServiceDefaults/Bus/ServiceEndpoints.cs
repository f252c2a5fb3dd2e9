using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using RabbitMQ.Client;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// How the suite's receive endpoints are set up. All consumers of a service share its one queue; their definitions set
/// concurrency and partitioning.
/// </summary>
internal static class ServiceEndpoints
{
    private const int Prefetch = 32;

    /// <summary>A queue of <see cref="Topology"/>: declared as there, bound as there and nowhere else.</summary>
    public static void ConfigureDurable(IRabbitMqReceiveEndpointConfigurator endpoint, DurableQueue queue, IBusRegistrationContext context)
    {
        foreach (var (name, value) in Topology.ArgumentsOf(queue))
        {
            endpoint.SetQueueArgument(name, value);
        }

        // MassTransit wants an exchange named like the queue. Unbound, it is no way around the exchanges of the events. MassTransit
        // does not declare a queue that it does not bind, so the endpoint waits for the topology.
        endpoint.BindQueue = false;
        endpoint.AddDependency(context.GetRequiredService<TopologyGate>());
        ConfigureAlike(endpoint, context);
    }

    /// <summary>The queue of one Proxy: gone with its connection, filled again from a snapshot.</summary>
    public static void ConfigureTemporary(IRabbitMqReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.Durable = false;
        endpoint.AutoDelete = true;
        foreach (var binding in Topology.ProxyBindings)
        {
            endpoint.Bind(binding.Exchange.Name, exchange =>
            {
                exchange.ExchangeType = ExchangeType.Topic;
                exchange.RoutingKey = binding.RoutingKey;
            });
        }

        ConfigureAlike(endpoint, context);
    }

    private static void ConfigureAlike(IRabbitMqReceiveEndpointConfigurator endpoint, IBusRegistrationContext context)
    {
        endpoint.ConfigureConsumeTopology = false;
        endpoint.PublishFaults = false;
        endpoint.PrefetchCount = Prefetch;
        if (context.GetService<SubscriptionNotifier>() is { } notifier)
        {
            endpoint.ConnectReceiveEndpointObserver(notifier);
        }

        endpoint.UseFilter(new OriginFilter());
        endpoint.UseMessageRetry(retry =>
        {
            retry.SetRetryPolicy(filter => new RetryInPlacePolicy(filter));
            retry.Ignore<UninterpretableMessageException>();
            retry.ConnectRetryObserver(context.GetRequiredService<RetryLogger>());
        });
        foreach (var consumer in context.GetRequiredService<ServiceConsumers>().Types)
        {
            context.ConfigureConsumer(consumer, endpoint);
        }
    }
}

using MassTransit;
using Microsoft.Extensions.Options;
using Workspaces.Contracts;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Publishes by MassTransit. Mandatory: the broker returns an event that no queue takes, instead of dropping it.</summary>
internal sealed class EventPublisher(IBus bus, TopologyGate gate, IOptions<EventPublisherOptions> options) : IEventPublisher
{
    public async Task PublishAsync(IWorkspaceEvent workspaceEvent, CancellationToken cancellationToken)
    {
        var type = workspaceEvent.GetType();
        _ = Topology.ExchangeOf(type); // refuses what is not an event of the contracts
        var routingKey = EventRouting.KeyOf(workspaceEvent);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.TimeLimit);
        try
        {
            await gate.WaitAsync(limit.Token);
            await bus.Publish(
                workspaceEvent,
                type,
                Pipe.Execute<PublishContext>(context =>
                {
                    context.MessageId = workspaceEvent.EventId;
                    context.SetRoutingKey(routingKey);
                    context.GetPayload<RabbitMqSendContext>().Mandatory = true;
                }),
                limit.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new EventNotPublishedException($"The broker did not confirm {type.Name} within {options.Value.TimeLimit}.", e);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new EventNotPublishedException($"{type.Name} could not be published: {e.Message}", e);
        }
    }
}

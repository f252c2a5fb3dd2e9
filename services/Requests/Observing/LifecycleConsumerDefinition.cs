using MassTransit;

namespace Workspaces.Requests.Observing;

/// <summary>
/// One event after the other, in the order of the queue that all consumers share: handled at the same time, a WorkspaceReady could
/// show before the InstanceUp that came before it, and an API answer would say Ready without an instance.
/// </summary>
public sealed class LifecycleConsumerDefinition : ConsumerDefinition<LifecycleConsumer>
{
    /// <inheritdoc/>
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<LifecycleConsumer> consumerConfigurator,
        IRegistrationContext context) => endpointConfigurator.ConcurrentMessageLimit = 1;
}

using MassTransit;

namespace Workspaces.Cluster.Commanding;

/// <summary>
/// One command after the other, in the order of the queue: a command costs two calls to the cluster's API, so there is nothing to gain
/// by handling several at once. How to retry is the bus's word, the same for every service.
/// </summary>
public sealed class WorkspaceCommandConsumerDefinition : ConsumerDefinition<WorkspaceCommandConsumer>
{
    /// <inheritdoc/>
    protected override void ConfigureConsumer(
        IReceiveEndpointConfigurator endpointConfigurator,
        IConsumerConfigurator<WorkspaceCommandConsumer> consumerConfigurator,
        IRegistrationContext context) => endpointConfigurator.ConcurrentMessageLimit = 1;
}

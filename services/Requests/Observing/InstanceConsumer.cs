using MassTransit;
using Workspaces.Contracts;
using Workspaces.Requests.Workspaces;

namespace Workspaces.Requests.Observing;

/// <summary>Takes in which instances are up.</summary>
public sealed class InstanceConsumer(WorkspaceStore workspaces) : IConsumer<InstanceUp>, IConsumer<InstanceDown>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<InstanceUp> context) => workspaces.ObserveAsync(context.Message, context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<InstanceDown> context) => workspaces.ObserveAsync(context.Message, context.CancellationToken);
}

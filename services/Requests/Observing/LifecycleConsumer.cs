using MassTransit;
using Workspaces.Contracts;
using Workspaces.Requests.Workspaces;

namespace Workspaces.Requests.Observing;

/// <summary>Takes in how far workers have come. Order, repeats and old generations are the store's and its decider's business.</summary>
public sealed class LifecycleConsumer(WorkspaceStore workspaces) :
    IConsumer<WorkspaceProgressed>, IConsumer<WorkspaceReady>, IConsumer<WorkspaceFailed>, IConsumer<WorkspaceStopped>, IConsumer<WorkspaceDeleted>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceProgressed> context) => workspaces.ObserveAsync(context.Message, context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceReady> context) => workspaces.ObserveAsync(context.Message, context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceFailed> context) => workspaces.ObserveAsync(context.Message, context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceStopped> context) => workspaces.ObserveAsync(context.Message, context.CancellationToken);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceDeleted> context) => workspaces.ObserveAsync(context.Message, context.CancellationToken);
}

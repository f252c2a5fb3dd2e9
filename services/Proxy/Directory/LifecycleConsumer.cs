using MassTransit;
using Workspaces.Contracts;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Directory;

/// <summary>What workers report of workspaces.</summary>
public sealed class LifecycleConsumer(RoutingTable routes, TimeProvider time)
    : IConsumer<WorkspaceProgressed>, IConsumer<WorkspaceReady>, IConsumer<WorkspaceFailed>, IConsumer<WorkspaceStopped>, IConsumer<WorkspaceDeleted>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceProgressed> context) => Apply(context.Message, WorkspaceState.Starting, context.Message.Message);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceReady> context) => Apply(context.Message, WorkspaceState.Ready);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceFailed> context) => Apply(context.Message, WorkspaceState.Failed, context.Message.Message);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceStopped> context) => Apply(context.Message, WorkspaceState.Stopped);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceDeleted> context)
    {
        routes.Apply(context.Message);
        return Task.CompletedTask;
    }

    private Task Apply(IWorkspaceScopedEvent fact, WorkspaceState state, string? message = null)
    {
        routes.Apply(fact.WorkspaceId, new WorkspaceStatus(fact.Generation, state, fact.OccurredAt, message), time.GetTimestamp());
        return Task.CompletedTask;
    }
}

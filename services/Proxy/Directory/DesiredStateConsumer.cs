using MassTransit;
using Workspaces.Contracts;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Directory;

/// <summary>What people want of workspaces: that they exist, run, stop, go.</summary>
public sealed class DesiredStateConsumer(RoutingTable routes, TimeProvider time)
    : IConsumer<WorkspaceRequested>, IConsumer<WorkspaceStartRequested>, IConsumer<WorkspaceStopRequested>, IConsumer<WorkspaceDeletionRequested>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceRequested> context)
    {
        routes.Apply(context.Message, time.GetTimestamp());
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceStartRequested> context) => Apply(context.Message, WorkspaceState.Requested);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceStopRequested> context) => Apply(context.Message, WorkspaceState.Stopping);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceDeletionRequested> context) => Apply(context.Message, WorkspaceState.Deleting);

    private Task Apply(IWorkspaceCommand command, WorkspaceState state)
    {
        routes.Apply(command.WorkspaceId, new WorkspaceStatus(command.Generation, state, command.OccurredAt), time.GetTimestamp());
        return Task.CompletedTask;
    }
}

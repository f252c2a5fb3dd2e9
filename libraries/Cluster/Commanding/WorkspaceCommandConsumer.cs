using MassTransit;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Cluster.Commanding;

/// <summary>Reads the four commands; see <see cref="CommandHandler"/>.</summary>
public sealed class WorkspaceCommandConsumer(CommandHandler handler) :
    IConsumer<WorkspaceRequested>,
    IConsumer<WorkspaceStartRequested>,
    IConsumer<WorkspaceStopRequested>,
    IConsumer<WorkspaceDeletionRequested>
{
    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceRequested> context) => HandleAsync(context);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceStartRequested> context) => HandleAsync(context);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceStopRequested> context) => HandleAsync(context);

    /// <inheritdoc/>
    public Task Consume(ConsumeContext<WorkspaceDeletionRequested> context) => HandleAsync(context);

    private Task HandleAsync<T>(ConsumeContext<T> context)
        where T : class, IWorkspaceCommand
    {
        // The id becomes a Kubernetes name: what does not have its form can never be carried out.
        if (!WorkspaceId.IsValid(context.Message.WorkspaceId))
        {
            throw new UninterpretableMessageException($"{typeof(T).Name} names a workspace id that has not the form of one.");
        }

        return handler.HandleAsync(context.Message, context.CancellationToken);
    }
}

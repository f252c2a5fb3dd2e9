namespace Workspaces.Contracts;

/// <summary>
/// One of the four events that ask a worker for something. <see cref="Model"/> is also the routing key, so that the broker sends
/// each to the worker of that model.
/// </summary>
public interface IWorkspaceCommand : IWorkspaceScopedEvent
{
    /// <summary>Standalone goes to the Provisioner, injection to the Injector.</summary>
    WorkspaceModel Model { get; }
}

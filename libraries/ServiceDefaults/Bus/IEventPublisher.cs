using Workspaces.Contracts;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Publishes events. The only way to do so: it knows exchange, routing key and identity of each.</summary>
public interface IEventPublisher
{
    /// <summary>
    /// Publishes under the event's concrete type, with <see cref="IWorkspaceEvent.EventId"/> as message id and the current trace
    /// context. Returns when the broker has confirmed that every queue bound to it has the event.
    /// </summary>
    /// <exception cref="EventNotPublishedException">
    /// The broker did not confirm in time, refused, or had no queue for it. The event may have arrived all the same: publish the same
    /// event (same id) again.
    /// </exception>
    Task PublishAsync(IWorkspaceEvent workspaceEvent, CancellationToken cancellationToken);
}

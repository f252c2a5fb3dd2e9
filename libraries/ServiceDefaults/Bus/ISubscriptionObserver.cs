namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// Is told whenever the service's queue is bound and read: at start, and after every reconnect. What was published before is not
/// in a temporary queue, so this is when to read a snapshot ("subscribe, then snapshot").
/// </summary>
public interface ISubscriptionObserver
{
    /// <summary>
    /// Events arrive already, and go on arriving while this runs. Called again with back-off when it fails; cancelled and called
    /// anew when the connection was lost and is back.
    /// </summary>
    Task OnSubscribedAsync(CancellationToken cancellationToken);
}

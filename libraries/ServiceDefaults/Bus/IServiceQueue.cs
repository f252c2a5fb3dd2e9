namespace Workspaces.ServiceDefaults.Bus;

/// <summary>The durable queue of a service that was added with <see cref="QueueStart.ByHand"/>.</summary>
public interface IServiceQueue
{
    /// <summary>Whether messages are being read, or will be as soon as the broker is there.</summary>
    bool IsReading { get; }

    /// <summary>Begins to read; does nothing where it reads already. Does not wait for the broker.</summary>
    Task StartAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Stops to read and waits until no message is being handled any more. Messages whose handling does not end in a few seconds
    /// are cancelled; unacknowledged ones go back to the queue.
    /// </summary>
    Task StopAsync(CancellationToken cancellationToken);
}

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>An event was not confirmed by the broker; see <see cref="IEventPublisher"/>.</summary>
public sealed class EventNotPublishedException : Exception
{
    /// <inheritdoc/>
    public EventNotPublishedException()
    {
    }

    /// <inheritdoc/>
    public EventNotPublishedException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public EventNotPublishedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

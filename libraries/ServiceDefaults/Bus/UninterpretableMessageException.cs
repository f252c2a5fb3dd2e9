namespace Workspaces.ServiceDefaults.Bus;

/// <summary>
/// A consumer throws this for a message that no retry can make sense of. It goes to the error queue; every other exception means
/// "not now", and the message is tried again without limit.
/// </summary>
public sealed class UninterpretableMessageException : Exception
{
    /// <inheritdoc/>
    public UninterpretableMessageException()
    {
    }

    /// <inheritdoc/>
    public UninterpretableMessageException(string message)
        : base(message)
    {
    }

    /// <inheritdoc/>
    public UninterpretableMessageException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}

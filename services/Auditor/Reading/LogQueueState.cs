namespace Workspaces.Auditor.Reading;

/// <summary>Whether the queue is being read, for the health endpoint.</summary>
internal sealed class LogQueueState
{
    private volatile bool _isReading;

    public bool IsReading
    {
        get => _isReading;
        set => _isReading = value;
    }
}

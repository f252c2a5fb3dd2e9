namespace Workspaces.Requests.Storage;

/// <summary>Opens when the database has its schema and what every installation begins with.</summary>
public sealed class StoreGate
{
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it is open.</summary>
    public bool IsOpen => _opened.Task.IsCompleted;

    /// <summary>Waits until it is open.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) => _opened.Task.WaitAsync(cancellationToken);

    /// <summary>Opens it, for good.</summary>
    public void Open() => _opened.TrySetResult();
}

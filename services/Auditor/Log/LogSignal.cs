namespace Workspaces.Auditor.Log;

/// <summary>Wakes those who wait for the log to grow. Only a hint: another Auditor may append as well, so waits have an end.</summary>
public sealed class LogSignal
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private TaskCompletionSource _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _last;

    /// <summary>The log now reaches to <paramref name="sequence"/>.</summary>
    public void Raise(long sequence)
    {
        TaskCompletionSource grown;
        lock (_lock)
        {
            _last = Math.Max(_last, sequence);
            grown = _grown;
            _grown = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        grown.SetResult();
    }

    /// <summary>Returns when the log is known to be longer than <paramref name="sequence"/>, or after a second.</summary>
    public async Task WaitAsync(long sequence, CancellationToken cancellationToken)
    {
        Task grown;
        lock (_lock)
        {
            if (_last > sequence)
            {
                return;
            }

            grown = _grown.Task;
        }

        await Task.WhenAny(grown, Task.Delay(LongestWait, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
    }
}

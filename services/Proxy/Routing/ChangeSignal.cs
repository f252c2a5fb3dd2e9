namespace Workspaces.Proxy.Routing;

/// <summary>
/// Tells waiters that something changed, not what: whoever waits looks at the state again. Take <see cref="Next"/> before looking,
/// then wait for it, and no change is missed.
/// </summary>
public sealed class ChangeSignal
{
    private TaskCompletionSource _next = New();

    /// <summary>Completes at the next change.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Wakes all who wait.</summary>
    public void Raise() => Interlocked.Exchange(ref _next, New()).SetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

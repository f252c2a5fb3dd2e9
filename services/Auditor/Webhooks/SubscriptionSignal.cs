namespace Workspaces.Auditor.Webhooks;

/// <summary>Wakes the dispatcher when a subscription changed here. Only a hint: another Auditor's API may have changed one as well, so waits have an end.</summary>
internal sealed class SubscriptionSignal : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _changed = new(0, 1);

    public void Raise()
    {
        try
        {
            _changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // The dispatcher is about to look anyway.
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _changed.WaitAsync(LongestWait, cancellationToken);

    public void Dispose() => _changed.Dispose();
}

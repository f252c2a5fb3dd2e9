using System.Threading.Channels;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Wakes one waiting loop. Several calls before it looks count as one; none is lost.</summary>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _channel = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => _channel.Writer.TryWrite(true);

    /// <summary>Waits for a call of <see cref="Set"/> or until the time is over, whichever is first.</summary>
    public async Task WaitAsync(TimeSpan? timeout, CancellationToken ct)
    {
        if (timeout == TimeSpan.Zero)
        {
            _channel.Reader.TryRead(out _);
            return;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(timeout ?? Timeout.InfiniteTimeSpan);
        try
        {
            await _channel.Reader.ReadAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            // The time is over.
        }
    }
}

using System.Threading.Channels;
using Workspaces.Contracts;

namespace Workspaces.Proxy.Relaying;

/// <summary>Stands between the relay and an observer, so that one that is slow or fails holds nothing up.</summary>
internal sealed class ObserverQueue
{
    private const int Capacity = 1024;

    private readonly Channel<(ChannelKind Kind, string? Detail)> _events =
        Channel.CreateBounded<(ChannelKind, string?)>(new BoundedChannelOptions(Capacity) { SingleReader = true });

    private readonly IRelayObserver _observer;
    private readonly ILogger _logger;
    private readonly Task _delivering;
    private long _dropped;

    public ObserverQueue(IRelayObserver observer, ILogger logger)
    {
        _observer = observer;
        _logger = logger;
        _delivering = Task.Run(DeliverAsync);
    }

    public void Post(ChannelKind kind, string? detail)
    {
        if (!_events.Writer.TryWrite((kind, detail)))
        {
            Interlocked.Increment(ref _dropped);
        }
    }

    /// <summary>Delivers what is left.</summary>
    public async Task CompleteAsync()
    {
        _events.Writer.Complete();
        await _delivering;
    }

    private async Task DeliverAsync()
    {
        await foreach (var (kind, detail) in _events.Reader.ReadAllAsync())
        {
            await TellAsync(() => _observer.ChannelOpenedAsync(kind, detail));
            if (Interlocked.Exchange(ref _dropped, 0) is > 0 and var dropped)
            {
                await TellAsync(() => _observer.DroppedAsync(dropped));
            }
        }
    }

    private async Task TellAsync(Func<ValueTask> tell)
    {
        try
        {
            await tell();
        }
        catch (Exception e)
        {
            // Whatever an observer fails with, the session goes on; what it missed is in the log.
            RelayLog.ObserverFailed(_logger, e);
        }
    }
}

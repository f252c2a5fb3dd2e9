using System.Threading.Channels;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Turns MassTransit's "endpoint ready" into calls of <see cref="ISubscriptionObserver"/>, one round at a time, the newest one winning.</summary>
internal sealed class SubscriptionNotifier(IServiceProvider services, ILogger<SubscriptionNotifier> logger)
    : BackgroundService, IReceiveEndpointObserver
{
    private readonly Channel<Uri> _ready = Channel.CreateBounded<Uri>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest });

    public Task Ready(ReceiveEndpointReady ready)
    {
        _ready.Writer.TryWrite(ready.InputAddress);
        return Task.CompletedTask;
    }

    public Task Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    public Task Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    public Task Faulted(ReceiveEndpointFaulted faulted) => Task.CompletedTask;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _ready.Reader.WaitToReadAsync(stoppingToken))
        {
            if (_ready.Reader.TryRead(out var queue))
            {
                BusLog.Subscribed(logger, queue.AbsolutePath);
                await NotifyAsync(stoppingToken);
            }
        }
    }

    private async Task NotifyAsync(CancellationToken stoppingToken)
    {
        using var round = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var newer = CancelWhenNewerAsync(round);
        // Looked up only now: an observer may need the bus, and the bus needs this.
        foreach (var observer in services.GetServices<ISubscriptionObserver>())
        {
            await NotifyAsync(observer, round.Token);
        }

        await round.CancelAsync();
        await newer;
    }

    private async Task NotifyAsync(ISubscriptionObserver observer, CancellationToken cancellationToken)
    {
        var backOff = new BackOff();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await observer.OnSubscribedAsync(cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                BusLog.ObserverFailed(logger, observer.GetType().Name, e);
            }

            await backOff.WaitAsync(cancellationToken);
        }
    }

    /// <summary>A round is pointless once a newer subscription is there.</summary>
    private async Task CancelWhenNewerAsync(CancellationTokenSource round)
    {
        try
        {
            await _ready.Reader.WaitToReadAsync(round.Token);
            await round.CancelAsync();
        }
        catch (OperationCanceledException) when (round.IsCancellationRequested)
        {
            // The round is over.
        }
    }
}

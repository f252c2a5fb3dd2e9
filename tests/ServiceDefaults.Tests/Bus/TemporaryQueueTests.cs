using Microsoft.Extensions.DependencyInjection;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Bus;

/// <summary>The Proxy's queue: subscribe, then snapshot, at start and after each loss of the connection.</summary>
public sealed class TemporaryQueueTests(RabbitMqFixture broker) : IClassFixture<RabbitMqFixture>
{
    private readonly Inbox _inbox = new();
    private readonly SnapshotObserver _observer = new();

    [Fact]
    public async Task Observer_AfterStartAndAfterReconnect_IsToldWhenEventsArrive()
    {
        await using var worker = await TestService.StartAsync(ServiceName.Provisioner, broker.ConnectionString, queueStart: QueueStart.ByHand);
        await using var proxy = await StartProxyAsync();
        await Eventually.TrueAsync(() => _observer.Calls == 1, "the observer was told of the start");
        await worker.PublishAsync(Events.Up("first"));
        await Eventually.TrueAsync(() => _inbox.Handled.Count == 1, "an event arrives");

        // The broker lists connections late, so one call may find none to close.
        await Eventually.TrueAsync(
            async () =>
            {
                await broker.CloseConnectionsAsync();
                return _observer.Calls > 1;
            },
            "the observer was told of the reconnect");

        await worker.UntilReadyAsync();
        await worker.PublishAsync(Events.Up("second"));
        await Eventually.TrueAsync(() => _inbox.Handled.Count == 2, "an event arrives after the reconnect");
    }

    [Fact]
    public async Task Observer_Fails_IsCalledAgain()
    {
        _observer.FailuresLeft = 2;
        await using var proxy = await StartProxyAsync();

        await Eventually.TrueAsync(() => _observer is { FailuresLeft: 0, Calls: 3 }, "the third call succeeded");
    }

    [Fact]
    public async Task TwoProxies_BothGetEveryEvent()
    {
        await using var first = await StartProxyAsync();
        await using var second = await StartProxyAsync();
        await using var worker = await TestService.StartAsync(ServiceName.Provisioner, broker.ConnectionString, queueStart: QueueStart.ByHand);
        await Eventually.TrueAsync(() => _observer.Calls == 2, "both read");

        await worker.PublishAsync(Events.Up());

        await Eventually.TrueAsync(() => _inbox.Handled.Count == 2, "both got it");
    }

    private Task<TestService> StartProxyAsync() => TestService.StartAsync(
        ServiceName.Proxy,
        broker.ConnectionString,
        bus => bus.AddConsumer<InboxConsumer<InstanceUp>>(),
        services: services => services.AddSingleton(_inbox).AddSingleton<ISubscriptionObserver>(_observer));

    private sealed class SnapshotObserver : ISubscriptionObserver
    {
        private int _calls;

        public int Calls => _calls;

        public int FailuresLeft { get; set; }

        public Task OnSubscribedAsync(CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _calls);
            if (FailuresLeft == 0)
            {
                return Task.CompletedTask;
            }

            FailuresLeft--;
            throw new HttpRequestException("not now");
        }
    }
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Workspaces.Auditor.Heads;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.Auditor.Tests.Feed;

/// <summary>The feed as another team's subscriber sees it, on a real broker.</summary>
public sealed class BrokerFeedTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly RabbitMqFixture _broker = new();
    private readonly ConcurrentQueue<Received> _received = [];
    private readonly string _keyFile = Path.GetTempFileName();
    private AuditorHost _auditor = null!;
    private IChannel _channel = null!;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_postgres.InitializeAsync().AsTask(), _broker.InitializeAsync().AsTask());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await File.WriteAllTextAsync(_keyFile, key.ExportPkcs8PrivateKeyPem());
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, _broker.ConnectionString);
        await _auditor.UntilReadyAsync();
        var connection = await new ConnectionFactory { Uri = _broker.ConnectionString }.CreateConnectionAsync();
        _channel = await connection.CreateChannelAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _auditor.DisposeAsync();
        await _postgres.DisposeAsync();
        await _broker.DisposeAsync();
        File.Delete(_keyFile);
    }

    [Fact]
    public async Task Feed_Event_IsACloudEventWithItsPlaceInTheLog()
    {
        await SubscribeAsync("#");
        var request = Messages.Requested("abc", owner: "alice");

        await PublishAsync(request);

        await Eventually.TrueAsync(() => _received.Count == 1, "the event is in the feed");
        var received = Assert.Single(_received);
        Assert.Equal("workspace.requested.standalone", received.RoutingKey);
        Assert.Equal("application/json", received.Properties.ContentType);
        Assert.Equal("1.0", received["specversion"]);
        Assert.Equal(request.EventId.ToString(), received["id"]);
        Assert.Equal("/workspaces", received["source"]);
        Assert.Equal("dev.workspaces.WorkspaceRequested", received["type"]);
        Assert.Equal("abc", received["subject"]);
        Assert.Equal("0000000000000000001", received["sequence"]);
        Assert.Equal(Messages.TraceParent, received["traceparent"]);
        Assert.Equal("alice", received["owner"]);
        Assert.Equal(Messages.Time, DateTimeOffset.Parse(received["time"], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal("alice", (string?)JsonNode.Parse(received.Body)!["owner"]!["name"]);
    }

    [Fact]
    public async Task Feed_BoundToANamespace_HasItsInstancesOnly()
    {
        await SubscribeAsync("instance.*.shop.#");
        var (inShop, elsewhere) = (Guid.NewGuid(), Guid.NewGuid());

        await PublishAsync(
            Messages.Up(inShop), Messages.Up(elsewhere, space: "bank"), Messages.Ready(), Messages.Down(elsewhere), Messages.Down(inShop));

        await Eventually.TrueAsync(() => _received.Count >= 2, "both are in the feed");
        Assert.Equal(["instance.up.shop.deployment.payments", "instance.down.shop.deployment.payments"], _received.Select(received => received.RoutingKey));
    }

    [Fact]
    public async Task Feed_ManyEventsAndBrokenConnections_HasAllInTheOrderOfTheLog()
    {
        await SubscribeAsync("#");
        var events = Enumerable.Range(0, 1500).Select(IWorkspaceEvent (_) => Messages.Ready()).ToList();
        var publishing = new EventPublisher(_broker.ConnectionString).PublishAsync(events, TestContext.Current.CancellationToken);
        await _broker.CloseConnectionsAsync();
        await publishing;

        await Eventually.TrueAsync(
            async () =>
            {
                if (!_channel.IsOpen)
                {
                    await ReopenAsync("#");
                }

                return _received.Select(received => received["id"]).Distinct().Count() == events.Count;
            },
            "all events are in the feed");

        // At least once: what comes a second time does not count, as for any subscriber.
        Assert.Equal(events.Select(e => e.EventId.ToString()), _received.Select(received => received["id"]).Distinct());
    }

    [Fact]
    public async Task Feed_AuditorRestarts_GoesOnWhereItStopped()
    {
        await SubscribeAsync("#");
        await PublishAsync(Messages.Ready("a"));
        await Eventually.TrueAsync(() => _received.Count == 1, "the first one is in the feed");
        await _auditor.DisposeAsync();
        await PublishAsync(Messages.Ready("b"));

        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, _broker.ConnectionString);

        await Eventually.TrueAsync(() => _received.Any(received => received["subject"] == "b"), "the second one is in the feed");
        Assert.Equal("0000000000000000002", _received.Last()["sequence"]);
    }

    [Fact]
    public async Task Feed_UnknownMessage_IsNotForSubscribers()
    {
        await SubscribeAsync("#");
        await _channel.BasicPublishAsync("", Topology.AuditorQueue, "nonsense"u8.ToArray());

        await PublishAsync(Messages.Ready());

        await Eventually.TrueAsync(() => !_received.IsEmpty, "the event is in the feed");
        Assert.Equal("0000000000000000002", Assert.Single(_received)["sequence"]);
    }

    [Fact]
    public async Task Feed_SignedHead_ComesAfterTheEntriesThatItVouchesForAndOnce()
    {
        await SubscribeAsync("#");
        await RestartAsync(("SignedHeads:KeyFile", _keyFile), ("SignedHeads:Interval", "10.00:00:00"));
        await PublishAsync(Messages.Ready(), Messages.Ready());
        await Eventually.TrueAsync(() => _received.Count == 2, "the events are in the feed");

        await _auditor.Get<HeadPublisher>().PublishAsync(TestContext.Current.CancellationToken);

        await Eventually.TrueAsync(() => _received.Count == 3, "the head is in the feed");
        var received = _received.Last();
        Assert.Equal(("log.head", "dev.workspaces.LogHeadSigned", "log-head-2", "0000000000000000002"), (received.RoutingKey, received["type"], received["id"], received["sequence"]));
        var head = JsonNode.Parse(received.Body)!;
        Assert.Equal(2, (int)head["sequence"]!);
        Assert.Null(await _auditor.Get<HeadVerifier>().ProblemOfAsync((string)head["jws"]!, TestContext.Current.CancellationToken));

        await RestartAsync(("SignedHeads:KeyFile", _keyFile), ("SignedHeads:Interval", "10.00:00:00"));
        await PublishAsync(Messages.Ready());
        await Eventually.TrueAsync(() => _received.Any(one => one["sequence"] == "0000000000000000003"), "the third event is in the feed");
        Assert.Single(_received, one => one["id"] == "log-head-2");
    }

    private async Task RestartAsync(params (string Name, string Value)[] settings)
    {
        await _auditor.DisposeAsync();
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, _broker.ConnectionString, settings);
        await _auditor.UntilReadyAsync();
    }

    private async Task PublishAsync(params IWorkspaceEvent[] events) =>
        await new EventPublisher(_broker.ConnectionString).PublishAsync(events, TestContext.Current.CancellationToken);

    private async Task SubscribeAsync(string pattern)
    {
        const string Queue = "subscriber";
        await _channel.QueueDeclareAsync(Queue, durable: true, exclusive: false, autoDelete: false);
        await _channel.QueueBindAsync(Queue, Topology.FeedExchange, pattern);
        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            _received.Enqueue(new Received(delivery.RoutingKey, new BasicProperties(delivery.BasicProperties), Encoding.UTF8.GetString(delivery.Body.Span)));
            return _channel.BasicAckAsync(delivery.DeliveryTag, multiple: false).AsTask();
        };
        await _channel.BasicConsumeAsync(Queue, autoAck: false, consumer);
    }

    private async Task ReopenAsync(string pattern)
    {
        var connection = await new ConnectionFactory { Uri = _broker.ConnectionString }.CreateConnectionAsync();
        _channel = await connection.CreateChannelAsync();
        await SubscribeAsync(pattern);
    }

    private sealed record Received(string RoutingKey, BasicProperties Properties, string Body)
    {
        public string this[string attribute] => Encoding.UTF8.GetString((byte[])Properties.Headers![$"cloudEvents:{attribute}"]!);
    }
}

using System.Collections.Concurrent;
using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>A durable queue that is bound to the whole feed, and its consumer.</summary>
internal sealed class BrokerSubscriber : IAsyncDisposable
{
    private const string Queue = "benchmark.everything";

    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private BrokerSubscriber(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>When each event was here.</summary>
    public ConcurrentDictionary<Guid, DateTimeOffset> Received { get; } = [];

    public static async Task<BrokerSubscriber> StartAsync(Suite suite, CancellationToken ct)
    {
        var connection = await new ConnectionFactory { Uri = suite.RabbitMq }.CreateConnectionAsync(ct);
        var channel = await connection.CreateChannelAsync(cancellationToken: ct);
        var subscriber = new BrokerSubscriber(connection, channel);
        await channel.QueueDeclareAsync(
            Queue, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-single-active-consumer"] = true }, cancellationToken: ct);
        await channel.QueueBindAsync(Queue, Topology.FeedExchange, "#", cancellationToken: ct);
        await channel.BasicQosAsync(0, prefetchCount: 500, global: false, ct);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            subscriber.Received.TryAdd(Guid.Parse(Encoding.ASCII.GetString((byte[])delivery.BasicProperties.Headers!["cloudEvents:id"]!)), DateTimeOffset.UtcNow);
            await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
        };
        await channel.BasicConsumeAsync(Queue, autoAck: false, consumer, ct);
        return subscriber;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.QueueDeleteAsync(Queue);
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>A plain AMQP client: publishes events as other services do, and keeps every event that the Proxy publishes.</summary>
internal sealed class TestBus : IAsyncDisposable
{
    private static readonly Type[] Watched = [typeof(SessionOpened), typeof(SessionClosed), typeof(ChannelOpened), typeof(AuthenticationFailed), typeof(WorkspaceActivity)];

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly ConcurrentQueue<IWorkspaceEvent> _events = new();

    private TestBus(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static async Task<TestBus> ConnectAsync(Uri broker)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync();
        var bus = new TestBus(connection, channel);
        var queue = await channel.QueueDeclareAsync();
        foreach (var type in Watched)
        {
            var exchange = Topology.ExchangeOf(type).Name;
            await channel.ExchangeDeclareAsync(exchange, ExchangeType.Topic, durable: true);
            await channel.QueueBindAsync(queue.QueueName, exchange, "#");
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var message = JsonNode.Parse(delivery.Body.Span)!["message"]!;
            var type = Watched.Single(type => Topology.ExchangeOf(type).Name == delivery.Exchange);
            bus._events.Enqueue((IWorkspaceEvent)message.Deserialize(type, ContractsJson.Options)!);
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue.QueueName, autoAck: true, consumer);
        return bus;
    }

    /// <summary>Publishes an event in MassTransit's envelope, as its publisher would.</summary>
    public async Task PublishAsync(IWorkspaceEvent fact)
    {
        var type = fact.GetType();
        var envelope = new JsonObject
        {
            ["messageId"] = fact.EventId.ToString(),
            ["messageType"] = new JsonArray($"urn:message:Workspaces.Contracts:{type.Name}"),
            ["message"] = JsonSerializer.SerializeToNode(fact, type, ContractsJson.Options),
        };
        await _channel.BasicPublishAsync(
            Topology.ExchangeOf(type).Name,
            EventRouting.KeyOf(fact),
            mandatory: false,
            new BasicProperties { ContentType = "application/vnd.masstransit+json", MessageId = fact.EventId.ToString() },
            JsonSerializer.SerializeToUtf8Bytes(envelope));
    }

    /// <summary>Events of a type that the Proxy has published and that fit, as soon as there are as many as wanted.</summary>
    public async Task<IReadOnlyList<T>> SeenAsync<T>(Func<T, bool> fits, int count = 1)
        where T : IWorkspaceEvent =>
        await Eventually.FindAsync(() =>
        {
            var seen = _events.OfType<T>().Where(fits).ToList();
            return Task.FromResult(seen.Count >= count ? seen : null);
        }, $"{count} {typeof(T).Name}");

    /// <summary>Events of a type that fit, so far.</summary>
    public IReadOnlyList<T> SoFar<T>(Func<T, bool> fits)
        where T : IWorkspaceEvent => [.. _events.OfType<T>().Where(fits)];

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

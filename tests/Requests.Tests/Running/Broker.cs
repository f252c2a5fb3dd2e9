using System.Collections.Concurrent;
using System.Text;
using System.Text.Json.Nodes;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Requests.Tests.Running;

/// <summary>
/// The other side of the bus, as a worker's client library sees it: records what Requests publishes, and publishes what workers
/// report. Uses RabbitMQ.Client, so that what is seen is what is on the wire.
/// </summary>
public sealed class Broker : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private Broker(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>Everything that Requests has published, duplicates too, in the order of arrival.</summary>
    public ConcurrentQueue<Published> Published { get; } = [];

    /// <summary>Connects, and records from then on. The exchanges are there since the service was ready.</summary>
    public static async Task<Broker> ConnectAsync(Uri address)
    {
        var connection = await new ConnectionFactory { Uri = address }.CreateConnectionAsync();
        var channel = await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true));
        var broker = new Broker(connection, channel);
        var queue = (await channel.QueueDeclareAsync()).QueueName;
        foreach (var exchange in Topology.Exchanges.Where(exchange => exchange.Publishers.Contains(ServiceDefaults.ServiceName.Requests)))
        {
            await channel.ExchangeDeclareAsync(exchange.Name, ExchangeType.Topic, durable: true);
            await channel.QueueBindAsync(queue, exchange.Name, "#");
        }

        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, delivery) =>
        {
            var message = JsonNode.Parse(Encoding.UTF8.GetString(delivery.Body.Span))!["message"]!.AsObject();
            broker.Published.Enqueue(new Published(delivery.Exchange.Split(':')[1], delivery.RoutingKey, delivery.BasicProperties.MessageId, message, Encoding.UTF8.GetString(delivery.Body.Span)));
            return Task.CompletedTask;
        };
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer);
        return broker;
    }

    /// <summary>Publishes what a worker or the Proxy would.</summary>
    public async Task PublishAsync<T>(T happened)
        where T : IWorkspaceEvent
    {
        var envelope = new JsonObject
        {
            ["messageId"] = happened.EventId.ToString(),
            ["messageType"] = new JsonArray($"urn:message:Workspaces.Contracts:{typeof(T).Name}"),
            ["message"] = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(happened, ContractsJson.Options)),
        };
        var properties = new BasicProperties
        {
            MessageId = happened.EventId.ToString(),
            ContentType = "application/vnd.masstransit+json",
            DeliveryMode = DeliveryModes.Persistent,
        };
        await _channel.BasicPublishAsync(
            $"Workspaces.Contracts:{typeof(T).Name}", EventRouting.KeyOf(happened), mandatory: true, properties, Encoding.UTF8.GetBytes(envelope.ToJsonString()));
    }

    /// <summary>Waits for an event of a type that fits.</summary>
    public Task<Published> NextAsync(string type, Func<JsonObject, bool> fits) =>
        Eventually.FindAsync(() => Published.FirstOrDefault(published => published.Type == type && fits(published.Message)), $"{type} on the bus");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }
}

/// <summary>A message that Requests published.</summary>
public sealed record Published(string Type, string RoutingKey, string? MessageId, JsonObject Message, string Envelope);

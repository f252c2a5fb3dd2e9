using RabbitMQ.Client;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Operating;

/// <summary>
/// Moves messages from an error queue back to where they failed: each is published and confirmed before it is taken away, so that one
/// may be there twice (consumers are idempotent) and none is lost. Messages that fail again come back to the error queue.
/// </summary>
internal static class ErrorReplay
{
    /// <summary>What MassTransit adds to a queue's name for its error queue.</summary>
    public const string Suffix = "_error";

    /// <summary>MassTransit's notes on the failure.</summary>
    private const string FaultHeaderPrefix = "MT-Fault-";

    /// <summary>Returns how many were moved: those that were there at the beginning.</summary>
    public static async Task<uint> RunAsync(BrokerAddress broker, string queue, CancellationToken cancellationToken)
    {
        await using var connection = await broker.CreateFactory("replay").CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var count = await channel.MessageCountAsync(queue + Suffix, cancellationToken);
        var moved = 0u;
        while (moved < count && await channel.BasicGetAsync(queue + Suffix, autoAck: false, cancellationToken) is { } message)
        {
            var properties = new BasicProperties(message.BasicProperties);
            properties.Headers = properties.Headers?
                .Where(header => !header.Key.StartsWith(FaultHeaderPrefix, StringComparison.Ordinal))
                .ToDictionary(header => header.Key, header => header.Value);
            await channel.BasicPublishAsync(exchange: "", queue, mandatory: true, properties, message.Body, cancellationToken);
            await channel.BasicAckAsync(message.DeliveryTag, multiple: false, cancellationToken);
            moved++;
        }

        return moved;
    }
}

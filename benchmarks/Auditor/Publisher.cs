using RabbitMQ.Client;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>Publishes as the services do: persistent, each confirmed by the broker.</summary>
internal sealed class Publisher : IAsyncDisposable
{
    private const int InFlight = 500;

    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly EventMix _mix = new();
    private readonly Queue<Task> _pending = [];

    private Publisher(IConnection connection, IChannel channel) => (_connection, _channel) = (connection, channel);

    /// <summary>How many the broker has.</summary>
    public long Confirmed { get; private set; }

    public static async Task<Publisher> StartAsync(Uri broker, CancellationToken ct)
    {
        var connection = await new ConnectionFactory { Uri = broker, AutomaticRecoveryEnabled = false }.CreateConnectionAsync(ct);
        return new Publisher(
            connection,
            await connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), ct));
    }

    /// <summary>Publishes an event of the mix, and returns its id.</summary>
    public async Task<Guid> PublishAsync(CancellationToken ct)
    {
        var (id, exchange, body) = _mix.Next();
        var properties = new BasicProperties { Persistent = true, ContentType = "application/vnd.masstransit+json" };
        _pending.Enqueue(_channel.BasicPublishAsync(exchange, "injection", mandatory: true, properties, body, ct).AsTask());
        while (_pending.Count > InFlight)
        {
            await ConfirmAsync();
        }

        return id;
    }

    /// <summary>Waits until everything is confirmed.</summary>
    public async Task FlushAsync()
    {
        while (_pending.Count > 0)
        {
            await ConfirmAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task ConfirmAsync()
    {
        await _pending.Dequeue();
        Confirmed++;
    }
}

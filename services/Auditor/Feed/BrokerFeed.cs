using System.Text;
using Marten;
using Npgsql;
using RabbitMQ.Client;
using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Auditor.Feed;

/// <summary>
/// Publishes the log to the topic exchange <see cref="Topology.FeedExchange"/>: CloudEvents in binary mode (CloudEvents AMQP binding),
/// in the order of the log, each at least once. It follows the log by a checkpoint that moves only after the broker confirmed,
/// so a slow or absent broker delays the feed and never the log. One Auditor at a time publishes, under an advisory lock.
/// </summary>
internal sealed class BrokerFeed(
    BrokerAddress broker, TopologyGate topology, NpgsqlDataSource database, IDocumentStore store, LogReader log, LogSignal signal, ILogger<BrokerFeed> logger)
    : BackgroundService
{
    private const int BatchSize = 500;
    private const long LockKey = 0x10C_0002;
    private const string AttributePrefix = "cloudEvents:";

    private static readonly LogFilter Everything = new();
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backOff = new BackOff(LongestWait);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await topology.WaitAsync(stoppingToken);
                await using var turn = await database.OpenConnectionAsync(stoppingToken);
                if (await TryTakeTurnAsync(turn, stoppingToken))
                {
                    await PublishAsync(turn, backOff, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                FeedLog.BrokerFeedFailed(logger, e);
            }

            await backOff.WaitAsync(stoppingToken);
        }
    }

    /// <summary>The lock belongs to the connection: whoever loses the connection loses the turn.</summary>
    private static async Task<bool> TryTakeTurnAsync(NpgsqlConnection turn, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_try_advisory_lock($1)", turn);
        command.Parameters.AddWithValue(LockKey);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    private async Task PublishAsync(NpgsqlConnection turn, BackOff backOff, CancellationToken cancellationToken)
    {
        await using var connection = await broker.CreateFactory("feed").CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var done = await LoadAsync(cancellationToken);
        FeedLog.BrokerFeedRuns(logger, done + 1);
        while (true)
        {
            await KeepTurnAsync(turn, cancellationToken);
            var page = await log.PageAsync(Everything, done, BatchSize, cancellationToken);
            if (page.Entries.Count > 0)
            {
                await Task.WhenAll(page.Entries.Select(entry => PublishAsync(channel, entry, cancellationToken)));
                await SaveAsync(page.Next, cancellationToken);
                done = page.Next;
                backOff.Reset();
            }
            else
            {
                await signal.WaitAsync(done, cancellationToken);
            }
        }
    }

    private static async Task PublishAsync(IChannel channel, LogEntry entry, CancellationToken cancellationToken)
    {
        if (CloudEvent.From(entry) is not { } cloudEvent)
        {
            return;
        }

        var properties = new BasicProperties
        {
            Persistent = true,
            ContentType = "application/json",
            MessageId = entry.EventId.ToString("D"),
            Headers = cloudEvent.Attributes
                .Where(attribute => attribute.Key != "datacontenttype") // that is the content type
                .ToDictionary(attribute => AttributePrefix + attribute.Key, object? (attribute) => attribute.Value),
        };
        await channel.BasicPublishAsync(
            Topology.FeedExchange, FeedRouting.KeyOf(entry), mandatory: false, properties, Encoding.UTF8.GetBytes(cloudEvent.Data), cancellationToken);
    }

    private static async Task KeepTurnAsync(NpgsqlConnection turn, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT 1", turn);
        await command.ExecuteScalarAsync(cancellationToken); // throws when the connection, and the lock with it, is gone
    }

    private async Task<long> LoadAsync(CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return (await session.LoadAsync<FeedCheckpoint>(FeedCheckpoint.Broker, cancellationToken))?.Sequence ?? 0;
    }

    private async Task SaveAsync(long sequence, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        session.Store(new FeedCheckpoint { Id = FeedCheckpoint.Broker, Sequence = sequence });
        await session.SaveChangesAsync(cancellationToken);
    }
}

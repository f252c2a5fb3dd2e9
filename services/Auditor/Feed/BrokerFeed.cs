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
    BrokerAddress broker, TopologyGate topology, NpgsqlDataSource database, IDocumentStore store, LogReader log, LogSignal signal, HeadFeed heads,
    ILogger<BrokerFeed> logger)
    : BackgroundService
{
    private const int BatchSize = 500;
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
                await using var turn = await Turn.TryTakeAsync(database, LockKeys.BrokerFeed, stoppingToken);
                if (turn is not null)
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

    /// <summary>Publishes in binary mode; returns when the broker has confirmed.</summary>
    internal static async Task PublishAsync(IChannel channel, CloudEvent cloudEvent, string routingKey, CancellationToken cancellationToken)
    {
        var properties = new BasicProperties
        {
            Persistent = true,
            ContentType = cloudEvent.Data.Length > 0 ? "application/json" : null,
            MessageId = cloudEvent.Id,
            Headers = cloudEvent.Attributes
                .Where(attribute => attribute.Key != "datacontenttype") // that is the content type
                .ToDictionary(attribute => AttributePrefix + attribute.Key, object? (attribute) => attribute.Value),
        };
        await channel.BasicPublishAsync(Topology.FeedExchange, routingKey, mandatory: false, properties, Encoding.UTF8.GetBytes(cloudEvent.Data), cancellationToken);
    }

    private async Task PublishAsync(Turn turn, BackOff backOff, CancellationToken cancellationToken)
    {
        await using var connection = await broker.CreateFactory("feed").CreateConnectionAsync(cancellationToken);
        await using var channel = await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken);
        var done = await LoadAsync(cancellationToken);
        FeedLog.BrokerFeedRuns(logger, done + 1);
        while (true)
        {
            await turn.KeepAsync(cancellationToken);
            var page = await log.PageAsync(Everything, done, BatchSize, cancellationToken);
            if (page.BeginsAfter(done))
            {
                // Retention waits for this feed, so this is a checkpoint that was lost or set back by hand.
                FeedLog.EntriesAreArchived(logger, done + 1, page.First - 1);
                done = page.First - 1;
                continue;
            }

            if (page.Entries.Count > 0)
            {
                await Task.WhenAll(page.Entries.Select(entry => PublishAsync(channel, entry, cancellationToken)));
                await SaveAsync(page.Next, cancellationToken);
                done = page.Next;
                backOff.Reset();
            }

            if (!page.More)
            {
                await heads.PublishAsync(channel, done, cancellationToken);
            }

            if (page.Entries.Count == 0)
            {
                await signal.WaitAsync(done, cancellationToken);
            }
        }
    }

    private static async Task PublishAsync(IChannel channel, LogEntry entry, CancellationToken cancellationToken)
    {
        if (CloudEvent.From(entry) is { } cloudEvent)
        {
            await PublishAsync(channel, cloudEvent, FeedRouting.KeyOf(entry), cancellationToken);
        }
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

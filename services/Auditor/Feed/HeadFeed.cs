using Marten;
using RabbitMQ.Client;
using Workspaces.Auditor.Heads;

namespace Workspaces.Auditor.Feed;

/// <summary>
/// Publishes signed heads of the log on the broker, each after all entries that it vouches for: a subscriber keeps them where whoever changes the log
/// cannot. Follows them by a checkpoint of its own, at least once, as <see cref="BrokerFeed"/> does the log.
/// </summary>
internal sealed class HeadFeed(IDocumentStore store, HeadSigner signer)
{
    private const int BatchSize = 100;

    /// <summary>Publishes the heads of entries up to <paramref name="upto"/> that were not published yet.</summary>
    public async Task PublishAsync(IChannel channel, long upto, CancellationToken cancellationToken)
    {
        if (!signer.CanSign)
        {
            return;
        }

        await using var session = store.LightweightSession();
        var done = (await session.LoadAsync<FeedCheckpoint>(FeedCheckpoint.BrokerHeads, cancellationToken))?.Sequence ?? 0;
        var heads = await session.Query<SignedHead>().Where(head => head.Id > done && head.Id <= upto).OrderBy(head => head.Id).Take(BatchSize).ToListAsync(cancellationToken);
        if (heads.Count == 0)
        {
            return;
        }

        foreach (var head in heads)
        {
            await BrokerFeed.PublishAsync(channel, CloudEvent.From(head), FeedRouting.HeadKey, cancellationToken);
        }

        session.Store(new FeedCheckpoint { Id = FeedCheckpoint.BrokerHeads, Sequence = heads[^1].Id });
        await session.SaveChangesAsync(cancellationToken);
    }
}

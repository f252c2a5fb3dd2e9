using Marten;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Webhooks;

/// <summary>Subscriptions and their deliveries in PostgreSQL, beside the log.</summary>
internal sealed class WebhookStore(IDocumentStore store)
{
    internal static void Configure(StoreOptions options)
    {
        options.RegisterDocumentType<SubscriptionProgress>();
        options.Schema.For<Subscription>().UseOptimisticConcurrency(true);
        options.Schema.For<Replay>().Index(replay => replay.SubscriptionId);
        options.Schema.For<Delivery>()
            .Duplicate(delivery => delivery.SubscriptionId)
            .Duplicate(delivery => delivery.State)
            .Duplicate(delivery => delivery.Sequence)
            .Duplicate(delivery => delivery.DoneAt);
    }

    public async Task<IReadOnlyList<Subscription>> AllAsync(CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.Query<Subscription>().OrderBy(subscription => subscription.Id).ToListAsync(cancellationToken);
    }

    public async Task<Subscription?> FindAsync(string id, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<Subscription>(id, cancellationToken);
    }

    public async Task AddAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        session.Insert(subscription);
        await session.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Changes a subscription; null: it is not there. Its version goes up, by which the dispatcher notices.</summary>
    /// <exception cref="JasperFx.ConcurrencyException">Somebody else changed it at the same time.</exception>
    public async Task<Subscription?> ChangeAsync(string id, Func<Subscription, Subscription> change, CancellationToken cancellationToken, Replay? replay = null)
    {
        await using var session = store.LightweightSession();
        if (await session.LoadAsync<Subscription>(id, cancellationToken) is not { } subscription)
        {
            return null;
        }

        var changed = change(subscription) with { Version = subscription.Version + 1 };
        session.Store(changed);
        if (replay is not null)
        {
            session.Insert(replay);
        }

        await session.SaveChangesAsync(cancellationToken);
        return changed;
    }

    /// <summary>Removes a subscription with everything about it.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        session.Delete<Subscription>(id);
        session.Delete<SubscriptionProgress>(id);
        session.DeleteWhere<Replay>(replay => replay.SubscriptionId == id);
        session.DeleteWhere<Delivery>(delivery => delivery.SubscriptionId == id);
        await session.SaveChangesAsync(cancellationToken);
    }

    public async Task<SubscriptionProgress> ProgressAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<SubscriptionProgress>(subscription.Id, cancellationToken)
            ?? new SubscriptionProgress { Id = subscription.Id, Sequence = subscription.After };
    }

    public async Task<IReadOnlyList<Delivery>> PendingAsync(string subscription, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.Query<Delivery>()
            .Where(delivery => delivery.SubscriptionId == subscription && delivery.State == DeliveryState.Pending)
            .ToListAsync(cancellationToken);
    }

    public async Task<int> CountAsync(string subscription, DeliveryState state, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.Query<Delivery>().CountAsync(delivery => delivery.SubscriptionId == subscription && delivery.State == state, cancellationToken);
    }

    /// <summary>Deliveries of a subscription, oldest entry first.</summary>
    public async Task<IReadOnlyList<Delivery>> DeliveriesAsync(string subscription, DeliveryState? state, long after, int limit, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var query = session.Query<Delivery>().Where(delivery => delivery.SubscriptionId == subscription && delivery.Sequence > after);
        query = state is { } wanted ? query.Where(delivery => delivery.State == wanted) : query;
        return await query.OrderBy(delivery => delivery.Sequence).Take(limit).ToListAsync(cancellationToken);
    }

    public async Task<IReadOnlyList<Delivery>> DeliveriesAsync(string subscription, IEnumerable<LogEntry> entries, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.LoadManyAsync<Delivery>(cancellationToken, entries.Select(entry => Delivery.IdOf(subscription, entry.Sequence)).ToArray());
    }

    public async Task<IReadOnlyList<Replay>> OpenReplaysAsync(string subscription, CancellationToken cancellationToken) =>
        [.. (await ReplaysAsync(subscription, cancellationToken)).Where(replay => replay.DoneAt is null)];

    public async Task<IReadOnlyList<Replay>> ReplaysAsync(string subscription, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.Query<Replay>().Where(replay => replay.SubscriptionId == subscription).OrderBy(replay => replay.RequestedAt).ToListAsync(cancellationToken);
    }

    /// <summary>What a round of deliveries came to, all or nothing.</summary>
    public async Task SaveAsync(IReadOnlyList<Delivery> deliveries, SubscriptionProgress progress, Replay? replay, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        session.Store<Delivery>([.. deliveries]);
        session.Store(progress);
        if (replay is not null)
        {
            session.Store(replay);
        }

        await session.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Forgets what is done for longer than anybody asks.</summary>
    public async Task ForgetAsync(DateTimeOffset deliveredBefore, DateTimeOffset deadBefore, CancellationToken cancellationToken)
    {
        await using var session = store.LightweightSession();
        session.DeleteWhere<Delivery>(delivery => delivery.State == DeliveryState.Delivered && delivery.DoneAt < deliveredBefore);
        session.DeleteWhere<Delivery>(delivery => delivery.State == DeliveryState.Dead && delivery.DoneAt < deadBefore);
        session.DeleteWhere<Replay>(replay => replay.DoneAt < deadBefore);
        await session.SaveChangesAsync(cancellationToken);
    }
}

using Workspaces.Auditor.Log;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Webhooks;

/// <summary>
/// Delivers the events of one subscription, by its own position in the log: what it waits for, nobody else waits for. A round of
/// deliveries is stored before the next begins, so that after a crash a round may come again and nothing is left out.
/// In this order: what is due again, what a replay asks for, what is new.
/// </summary>
internal sealed class DeliveryPump(
    Subscription subscription, WebhookStore store, LogReader log, LogSignal signal, Deliverer deliverer, DeliveryOptions options, TimeProvider clock)
{
    private const int PageSize = 500;
    private const int RetriesPerRound = 200;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleSave = TimeSpan.FromSeconds(10);

    private readonly Queue<Replay> _replays = [];
    private PendingDeliveries _pending = new([]);
    private SubscriptionProgress _progress = null!;
    private long _saved;
    private DateTimeOffset _savedAt;
    private bool _outdated;

    /// <summary>Returns when the receiver has answered 410, or when the subscription is no longer what this pump delivers for.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _progress = await store.ProgressAsync(subscription, cancellationToken);
        (_saved, _savedAt) = (_progress.Sequence, clock.GetUtcNow());
        _pending = new PendingDeliveries(await store.PendingAsync(subscription.Id, cancellationToken));
        foreach (var replay in await store.OpenReplaysAsync(subscription.Id, cancellationToken))
        {
            _replays.Enqueue(replay);
        }

        while (!_outdated && subscription.StateWith(_progress) == SubscriptionState.Active)
        {
            var worked = await RetryAsync(cancellationToken)
                || (_pending.Count < options.MostPending && (await ReplayAsync(cancellationToken) || await ReadOnAsync(cancellationToken)));
            if (!worked)
            {
                await WaitAsync(cancellationToken);
            }
        }
    }

    private async Task<bool> RetryAsync(CancellationToken cancellationToken)
    {
        var due = _pending.Due(clock.GetUtcNow(), RetriesPerRound);
        if (due.Count == 0)
        {
            return false;
        }

        var entries = await log.FindAsync([.. due.Select(delivery => delivery.Sequence)], cancellationToken);
        await RoundAsync([.. due.Select(delivery => new DeliveryTask(delivery, entries.GetValueOrDefault(delivery.Sequence)))], [], _progress, replay: null, cancellationToken);
        return true;
    }

    private async Task<bool> ReplayAsync(CancellationToken cancellationToken)
    {
        if (!_replays.TryPeek(out var replay))
        {
            return false;
        }

        var page = await log.PageAsync(subscription.Filter with { Upto = replay.To }, replay.Done, PageSize, cancellationToken);
        var next = page.BeginsAfter(replay.Done) ? Math.Min(page.First - 1, replay.To) : page.Next;
        var entries = page.Entries.Where(entry => !_pending.Has(entry.Sequence)).ToList();
        var known = (await store.DeliveriesAsync(subscription.Id, entries, cancellationToken)).ToDictionary(delivery => delivery.Sequence);
        var now = clock.GetUtcNow();
        var again = entries
            .Where(entry => !replay.DeadOnly || known.GetValueOrDefault(entry.Sequence)?.State == DeliveryState.Dead)
            .Select(entry => new DeliveryTask(
                DeliveryDecision.New(subscription.Id, entry, now) with { Attempts = known.GetValueOrDefault(entry.Sequence)?.Attempts ?? [] }, entry));
        replay = replay with { Done = next, DoneAt = next >= replay.To ? now : null };
        await NewAsync(again, _progress, replay, cancellationToken);
        _replays.Dequeue();
        if (replay.DoneAt is null)
        {
            _replays.Enqueue(replay); // replays take turns
        }

        return true;
    }

    private async Task<bool> ReadOnAsync(CancellationToken cancellationToken)
    {
        var page = await log.PageAsync(subscription.Filter, _progress.Sequence, PageSize, cancellationToken);
        var now = clock.GetUtcNow();
        if (page.BeginsAfter(_progress.Sequence))
        {
            var missed = new MissedRange(_progress.Sequence + 1, page.First - 1, now);
            _progress = _progress with { Sequence = missed.To, Missed = [.. _progress.Missed, missed] };
            await SaveAsync([], _progress, replay: null, cancellationToken);
            return true;
        }

        var progress = _progress with { Sequence = page.Next };
        if (page.Entries.Count == 0)
        {
            _progress = progress; // nothing for this subscription; it is saved when there is time
            return false;
        }

        await NewAsync(page.Entries.Select(entry => new DeliveryTask(DeliveryDecision.New(subscription.Id, entry, now), entry)), progress, replay: null, cancellationToken);
        return true;
    }

    /// <summary>What has others of its partition before it is only kept; the rest is tried.</summary>
    private async Task NewAsync(IEnumerable<DeliveryTask> tasks, SubscriptionProgress progress, Replay? replay, CancellationToken cancellationToken)
    {
        var forSubscribers = tasks.Where(task => task.Entry!.Type != LogEntry.UnknownType && !_pending.Has(task.Delivery.Sequence)).ToLookup(task => _pending.Blocks(task.Delivery.Partition));
        await RoundAsync([.. forSubscribers[false]], [.. forSubscribers[true].Select(task => task.Delivery)], progress, replay, cancellationToken);
    }

    private async Task RoundAsync(
        IReadOnlyList<DeliveryTask> tasks, IReadOnlyList<Delivery> kept, SubscriptionProgress progress, Replay? replay, CancellationToken cancellationToken)
    {
        // A change that was answered before an event was stored holds for that event: a rotated secret signs it, another address gets it.
        if (tasks.Count > 0 && (await store.FindAsync(subscription.Id, cancellationToken))?.Version != subscription.Version)
        {
            _outdated = true;
            return;
        }

        var results = await deliverer.TryAsync(subscription, tasks, cancellationToken);
        var now = clock.GetUtcNow();
        if (results.Any(delivery => delivery is { State: DeliveryState.Pending, Attempts: [.., { Outcome: WebhookOutcome.Gone } last] } && last.At > subscription.EnabledAt))
        {
            progress = progress with { GoneAt = now };
        }

        var changed = results.Concat(kept).ToDictionary(delivery => delivery.Sequence);
        foreach (var delivery in changed.Values)
        {
            _pending.Apply(delivery);
        }

        if (results.Any(delivery => delivery.State == DeliveryState.Delivered))
        {
            foreach (var delivery in _pending.ReceiverIsBack(now))
            {
                changed[delivery.Sequence] = delivery;
            }
        }

        await SaveAsync([.. changed.Values], progress, replay, cancellationToken);
        _progress = progress;
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        if (_progress.Sequence != _saved && clock.GetUtcNow() - _savedAt > IdleSave)
        {
            await SaveAsync([], _progress, replay: null, cancellationToken);
        }

        // With as much pending as it may have, it waits for a retry and not for the log.
        var untilDue = _pending.NextAt() - clock.GetUtcNow();
        var wait = untilDue < LongestWait ? untilDue.Value : LongestWait;
        if (wait <= TimeSpan.Zero)
        {
            return;
        }

        using var due = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        due.CancelAfter(wait);
        try
        {
            await signal.WaitAsync(_pending.Count < options.MostPending ? _progress.Sequence : long.MaxValue, due.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Something is due.
        }
    }

    private async Task SaveAsync(IReadOnlyList<Delivery> deliveries, SubscriptionProgress progress, Replay? replay, CancellationToken cancellationToken)
    {
        await store.SaveAsync(deliveries, progress, replay, cancellationToken);
        (_saved, _savedAt) = (progress.Sequence, clock.GetUtcNow());
    }
}

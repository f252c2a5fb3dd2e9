namespace Workspaces.Auditor.Webhooks;

/// <summary>
/// What a subscription has to try again. Within a partition nothing overtakes: only the first can be due, and those after it follow it.
/// </summary>
internal sealed class PendingDeliveries
{
    private readonly SortedDictionary<long, Delivery> _bySequence = [];
    private readonly Dictionary<string, int> _inPartition = [];

    public PendingDeliveries(IEnumerable<Delivery> deliveries)
    {
        foreach (var delivery in deliveries)
        {
            Apply(delivery);
        }
    }

    public int Count => _bySequence.Count;

    public bool Has(long sequence) => _bySequence.ContainsKey(sequence);

    /// <summary>Whether something of the partition waits, so that what comes later must wait as well.</summary>
    public bool Blocks(string partition) => _inPartition.ContainsKey(partition);

    /// <summary>Takes in a delivery as it is now: it waits, or it does not any more.</summary>
    public void Apply(Delivery delivery)
    {
        var had = _bySequence.ContainsKey(delivery.Sequence);
        if (delivery.State == DeliveryState.Pending)
        {
            _bySequence[delivery.Sequence] = delivery;
            if (!had)
            {
                _inPartition[delivery.Partition] = _inPartition.GetValueOrDefault(delivery.Partition) + 1;
            }
        }
        else if (_bySequence.Remove(delivery.Sequence) && --_inPartition[delivery.Partition] == 0)
        {
            _inPartition.Remove(delivery.Partition);
        }
    }

    /// <summary>Lanes whose first delivery is due, each with what follows in its partition; at most about <paramref name="limit"/> deliveries.</summary>
    public IReadOnlyList<Delivery> Due(DateTimeOffset now, int limit)
    {
        var due = new List<Delivery>();
        foreach (var lane in _bySequence.Values.GroupBy(delivery => delivery.Partition))
        {
            if (due.Count >= limit)
            {
                break;
            }

            if (lane.First().NextAttemptAt is not { } next || next <= now)
            {
                due.AddRange(lane.Take(limit));
            }
        }

        return due;
    }

    /// <summary>When the next one is due; null: there is none.</summary>
    public DateTimeOffset? NextAt() => _bySequence.Count == 0
        ? null
        : _bySequence.Values.GroupBy(delivery => delivery.Partition).Min(lane => lane.First().NextAttemptAt ?? DateTimeOffset.MinValue);

    /// <summary>A receiver that was away and has answered is there for all: what waits for it is due now. Returns what changed.</summary>
    public IReadOnlyList<Delivery> ReceiverIsBack(DateTimeOffset now)
    {
        var waiting = _bySequence.Values
            .Where(delivery => delivery.NextAttemptAt > now && delivery.Attempts is [.., { Status: null or >= 500 }])
            .Select(delivery => delivery with { NextAttemptAt = now })
            .ToList();
        waiting.ForEach(Apply);
        return waiting;
    }
}

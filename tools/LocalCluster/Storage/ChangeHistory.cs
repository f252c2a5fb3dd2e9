using System.Collections.Immutable;
using System.Threading.Channels;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Storage;

/// <summary>
/// The recent changes of one type and those who watch them. The history is bounded: who asks for more than is kept is told 410 and
/// lists again, as with a compacted store. Not thread-safe: the object store calls it under its lock.
/// </summary>
internal sealed class ChangeHistory(long oldest, ImmutableSortedDictionary<string, StoredObject> objects)
{
    /// <summary>Changes kept for each type.</summary>
    public const int Capacity = 4096;

    /// <summary>A watcher that is so many changes behind is cut off; it resumes by resourceVersion or lists again.</summary>
    private const int WatcherBacklog = 8192;

    private readonly Queue<(StoredChange Change, ImmutableSortedDictionary<string, StoredObject> Objects)> _changes = new();
    private readonly List<Channel<StoredChange>> _watchers = [];
    private long _oldest = oldest;

    /// <summary>What there was at the oldest version that is known.</summary>
    private ImmutableSortedDictionary<string, StoredObject> _oldestObjects = objects;

    /// <param name="change">What happened.</param>
    /// <param name="now">What there is after it.</param>
    public void Add(StoredChange change, ImmutableSortedDictionary<string, StoredObject> now)
    {
        _changes.Enqueue((change, now));
        while (_changes.Count > Capacity)
        {
            var (forgotten, then) = _changes.Dequeue();
            (_oldest, _oldestObjects) = (forgotten.ResourceVersion, then);
        }

        for (var i = _watchers.Count - 1; i >= 0; i--)
        {
            if (!_watchers[i].Writer.TryWrite(change))
            {
                _watchers[i].Writer.TryComplete();
                _watchers.RemoveAt(i);
            }
        }
    }

    /// <summary>A channel that first carries what happened after <paramref name="from"/> and then what happens.</summary>
    public Channel<StoredChange> Subscribe(long from)
    {
        if (from < _oldest)
        {
            throw ApiErrors.Expired($"too old resource version: {from} ({_oldest})");
        }

        var channel = Channel.CreateBounded<StoredChange>(new BoundedChannelOptions(WatcherBacklog) { SingleReader = true, SingleWriter = true });
        foreach (var (change, _) in _changes)
        {
            if (change.ResourceVersion > from)
            {
                channel.Writer.TryWrite(change);
            }
        }

        _watchers.Add(channel);
        return channel;
    }

    /// <summary>What there was at a version; null where that is no longer known.</summary>
    public ImmutableSortedDictionary<string, StoredObject>? At(long version)
    {
        if (version < _oldest)
        {
            return null;
        }

        var found = _oldestObjects;
        foreach (var (change, then) in _changes)
        {
            if (change.ResourceVersion > version)
            {
                break;
            }

            found = then;
        }

        return found;
    }

    public void Unsubscribe(Channel<StoredChange> channel)
    {
        _watchers.Remove(channel);
        channel.Writer.TryComplete();
    }

    /// <summary>Forgets everything up to now, as a compaction does.</summary>
    public void Compact(long upTo, ImmutableSortedDictionary<string, StoredObject> now)
    {
        _changes.Clear();
        (_oldest, _oldestObjects) = (upTo, now);
    }

    /// <summary>Ends every watch. They resume where they were.</summary>
    public void DropWatchers()
    {
        _watchers.ForEach(w => w.Writer.TryComplete());
        _watchers.Clear();
    }
}

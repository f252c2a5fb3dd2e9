using System.Threading.Channels;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Storage;

/// <summary>
/// The recent changes of one type and those who watch them. The history is bounded: who asks for more than is kept is told 410 and
/// lists again, as with a compacted store. Not thread-safe: the object store calls it under its lock.
/// </summary>
internal sealed class ChangeHistory(long oldest)
{
    /// <summary>Changes kept for each type.</summary>
    public const int Capacity = 4096;

    /// <summary>A watcher that is so many changes behind is cut off; it resumes by resourceVersion or lists again.</summary>
    private const int WatcherBacklog = 8192;

    private readonly Queue<StoredChange> _changes = new();
    private readonly List<Channel<StoredChange>> _watchers = [];
    private long _oldest = oldest;

    public void Add(StoredChange change)
    {
        _changes.Enqueue(change);
        while (_changes.Count > Capacity)
        {
            _oldest = _changes.Dequeue().ResourceVersion;
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
        foreach (var change in _changes)
        {
            if (change.ResourceVersion > from)
            {
                channel.Writer.TryWrite(change);
            }
        }

        _watchers.Add(channel);
        return channel;
    }

    public void Unsubscribe(Channel<StoredChange> channel)
    {
        _watchers.Remove(channel);
        channel.Writer.TryComplete();
    }

    /// <summary>Forgets everything up to now, as a compaction does.</summary>
    public void Compact(long upTo)
    {
        _changes.Clear();
        _oldest = upTo;
    }

    /// <summary>Ends every watch. They resume where they were.</summary>
    public void DropWatchers()
    {
        _watchers.ForEach(w => w.Writer.TryComplete());
        _watchers.Clear();
    }
}

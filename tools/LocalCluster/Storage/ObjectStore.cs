using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Storage;

/// <summary>
/// All objects, their one resourceVersion counter, their history and their journal. Readers take an immutable map and go on without the lock.
/// Writers go one at a time: a request that changes something holds <see cref="Gate"/> from its first read to its write, so that
/// nothing (admission, quota, conflicts) is decided on a state that another request is changing.
/// </summary>
public sealed class ObjectStore : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, StoredObject> Empty = ImmutableSortedDictionary.Create<string, StoredObject>(StringComparer.Ordinal);

    private readonly Dictionary<ResourceType, ImmutableSortedDictionary<string, StoredObject>> _objects = [];
    private readonly Dictionary<ResourceType, ChangeHistory> _history = [];
    private readonly List<ChannelWriter<StoredChange>> _followers = [];
    private readonly OwnerIndex _owners = new();
    private readonly Journal _journal;
    private long _version;

    /// <summary>Opens the state folder and reads back what it holds.</summary>
    public ObjectStore(string folder)
    {
        _journal = new Journal(folder);
        var (objects, version) = _journal.Load();
        _version = version;
        foreach (var type in ResourceTypes.All)
        {
            _objects[type] = Empty.AddRange(objects.Where(o => o.Type == type).Select(o => KeyValuePair.Create(o.Key, o)));
            _history[type] = new ChangeHistory(version, _objects[type]);
        }

        foreach (var stored in AllObjects())
        {
            _owners.Replace(null, stored);
        }

        _journal.StartNew(AllObjects(), version);
    }

    /// <summary>Held by a request that changes objects.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The version of the newest change.</summary>
    public long Version => Volatile.Read(ref _version);

    public StoredObject? Get(ResourceType type, string? ns, string name) => Map(type).GetValueOrDefault(StoredObject.KeyOf(ns, name));

    /// <summary>One consistent view of a type, in key order, and the version it is of.</summary>
    public (ImmutableSortedDictionary<string, StoredObject> Objects, long ResourceVersion) Snapshot(ResourceType type)
    {
        lock (Gate)
        {
            return (_objects[type], _version);
        }
    }

    /// <summary>A type as it was at an earlier version, in key order; null where that is no longer known.</summary>
    public ImmutableSortedDictionary<string, StoredObject>? SnapshotAt(ResourceType type, long version)
    {
        lock (Gate)
        {
            return _history[type].At(version);
        }
    }

    /// <summary>Objects of one namespace, or (null) of all.</summary>
    public IEnumerable<StoredObject> List(ResourceType type, string? ns = null) =>
        ns is null ? Map(type).Values : Map(type).Values.Where(o => o.Namespace == ns);

    /// <summary>The objects, of any type, that name an owner in their owner references.</summary>
    public IReadOnlyList<StoredObject> Dependents(string ownerUid)
    {
        lock (Gate)
        {
            return [.. _owners.Of(ownerUid).Select(entry => _objects[entry.Type][entry.Key])];
        }
    }

    /// <summary>Stores a new version of an object. The caller holds the gate and gives <paramref name="json"/> away.</summary>
    public StoredObject Put(ResourceType type, JsonObject json)
    {
        var stored = new StoredObject(type, Stamp(json));
        var previous = _objects[type].GetValueOrDefault(stored.Key);
        _journal.Put(stored);
        Publish(() => _objects[type] = _objects[type].SetItem(stored.Key, stored), stored);
        _owners.Replace(previous, stored);
        Tell(new StoredChange(previous is null ? WatchEvent.Added : WatchEvent.Modified, stored, previous));
        CompactWhenLarge();
        return stored;
    }

    /// <summary>Removes an object for good. The caller holds the gate.</summary>
    public StoredObject Remove(StoredObject stored)
    {
        var last = new StoredObject(stored.Type, Stamp(stored.Copy()));
        _journal.Remove(last);
        Publish(() => _objects[stored.Type] = _objects[stored.Type].Remove(stored.Key), last);
        _owners.Replace(stored, null);
        Tell(new StoredChange(WatchEvent.Deleted, last, stored));
        CompactWhenLarge();
        return last;
    }

    /// <summary>Changes after a version as they happen. Ends when cancelled, or when the watcher cannot keep up or is dropped.</summary>
    public async IAsyncEnumerable<StoredChange> WatchAsync(ResourceType type, long from, [EnumeratorCancellation] CancellationToken ct)
    {
        Channel<StoredChange> channel;
        lock (Gate)
        {
            channel = _history[type].Subscribe(from);
        }

        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(ct))
            {
                if (change.ResourceVersion > from)
                {
                    yield return change;
                }
            }
        }
        finally
        {
            lock (Gate)
            {
                _history[type].Unsubscribe(channel);
            }
        }
    }

    /// <summary>Every change of every type from now on, in order. For the few parts of this process that look after all kinds.</summary>
    public ChannelReader<StoredChange> Follow()
    {
        var channel = Channel.CreateUnbounded<StoredChange>(new UnboundedChannelOptions { SingleReader = true });
        lock (Gate)
        {
            _followers.Add(channel.Writer);
        }

        return channel.Reader;
    }

    /// <summary>Forgets the history, so that older watches are told 410.</summary>
    public void CompactHistory()
    {
        lock (Gate)
        {
            foreach (var (type, history) in _history)
            {
                history.Compact(_version, _objects[type]);
            }
        }
    }

    /// <summary>Ends every watch.</summary>
    public void DropWatches()
    {
        lock (Gate)
        {
            foreach (var history in _history.Values)
            {
                history.DropWatchers();
            }
        }
    }

    public void Dispose() => _journal.Dispose();

    private ImmutableSortedDictionary<string, StoredObject> Map(ResourceType type)
    {
        lock (Gate)
        {
            return _objects[type];
        }
    }

    private JsonObject Stamp(JsonObject json)
    {
        json["metadata"]!["resourceVersion"] = (_version + 1).ToString(CultureInfo.InvariantCulture);
        return json;
    }

    private void Publish(Action change, StoredObject stored)
    {
        change();
        Volatile.Write(ref _version, stored.ResourceVersion);
    }

    private void Tell(StoredChange change)
    {
        _history[change.Current.Type].Add(change, _objects[change.Current.Type]);
        foreach (var follower in _followers)
        {
            follower.TryWrite(change);
        }
    }

    private void CompactWhenLarge()
    {
        if (_journal.IsLarge)
        {
            _journal.StartNew(AllObjects(), _version);
        }
    }

    private IEnumerable<StoredObject> AllObjects() => _objects.Values.SelectMany(m => m.Values);
}

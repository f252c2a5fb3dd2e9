using System.Collections.Concurrent;
using System.Collections.Immutable;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Directory;

namespace Workspaces.Proxy.Routing;

/// <summary>
/// All workspaces and instances that this Proxy knows, in memory. Fed by events and by snapshots of the directory, which may
/// arrive late, twice and in any order; read by every login. Reading takes no lock and costs the same for ten workspaces and for
/// a hundred thousand.
/// <para>
/// What arrives is a statement with a version: generations order the states of a workspace (<see cref="WorkspaceStatus"/>), an
/// instance comes up once and goes down once, what is deleted or down stays so (<see cref="Tombstones{TKey, TReason}"/>).
/// </para>
/// </summary>
public sealed class RoutingTable(ChangeSignal changes)
{
    private const int TombstoneCapacity = 200_000;

    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, ImmutableArray<string>> _idsByName = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, InstanceMark> _instances = [];
    private readonly Tombstones<string, DateTimeOffset> _deleted = new(TombstoneCapacity);
    private readonly Tombstones<Guid, InstanceDownReason> _down = new(TombstoneCapacity);

    /// <summary>Workspaces that are known by name.</summary>
    public int WorkspaceCount => _byId.Values.Count(entry => entry.Workspace is not null);

    /// <summary>Instances that are up.</summary>
    public int InstanceCount
    {
        get
        {
            lock (_writing)
            {
                return _instances.Count;
            }
        }
    }

    /// <summary>The workspace of that name, if it belongs to <paramref name="owner"/>.</summary>
    public Workspace? Find(string owner, string name)
    {
        if (!_idsByName.TryGetValue(name, out var ids))
        {
            return null;
        }

        // For a moment two may claim a name: one that is being deleted, and the one made after it.
        Workspace? found = null;
        foreach (var id in ids)
        {
            if (Get(id) is { } claimant && claimant.Identity.Owner == owner
                && (found is null || claimant.Identity.RequestedAt > found.Identity.RequestedAt))
            {
                found = claimant;
            }
        }

        return found;
    }

    /// <summary>The workspace of that id.</summary>
    public Workspace? Get(string id) => _byId.TryGetValue(id, out var entry) ? entry.Workspace : null;

    /// <summary>The instances of a workspace; empty where none is known.</summary>
    public InstanceSet InstancesOf(string workspaceId) => _byId.TryGetValue(workspaceId, out var entry) ? entry.Instances : new InstanceSet();

    /// <summary>Whether the workspace of that id is known to be deleted.</summary>
    public bool IsDeleted(string workspaceId)
    {
        lock (_writing)
        {
            return _deleted.Contains(workspaceId);
        }
    }

    /// <summary>Why an instance went down, where that is known.</summary>
    public InstanceDownReason? WhyDown(Guid instanceId)
    {
        lock (_writing)
        {
            return _down.TryGetReason(instanceId, out var reason) ? reason : null;
        }
    }

    /// <summary>Takes in that a workspace was asked for.</summary>
    public void Apply(WorkspaceRequested requested, long seen)
    {
        var identity = new WorkspaceIdentity(
            requested.WorkspaceId, requested.Name, requested.Owner.Name, requested.Blueprint.Name, requested.Model, requested.OccurredAt);
        Write(requested.WorkspaceId, seen, entry =>
        {
            // An owner changes by snapshot only, so that a request that arrives again gives nothing back.
            Identify(entry, entry.Identity is { } known ? known with { RequestedAt = requested.OccurredAt } : identity);
            entry.StatusSeen = seen;
            entry.Status = Newer(entry.Status, new WorkspaceStatus(requested.Generation, WorkspaceState.Requested, requested.OccurredAt));
        });
    }

    /// <summary>Takes in a statement about the state of a workspace.</summary>
    public void Apply(string workspaceId, WorkspaceStatus status, long seen) => Write(workspaceId, seen, entry =>
    {
        entry.StatusSeen = seen;
        entry.Status = Newer(entry.Status, status);
        DropStoppedInstances(entry);
    });

    /// <summary>Takes in that a workspace is gone, for good.</summary>
    public void Apply(WorkspaceDeleted deleted)
    {
        lock (_writing)
        {
            Delete(deleted.WorkspaceId, deleted.OccurredAt);
        }

        changes.Raise();
    }

    /// <summary>Takes in that an instance is usable.</summary>
    public void Apply(InstanceUp up, long seen) => Write(up.WorkspaceId, seen, entry => Add(entry, up, seen));

    /// <summary>Takes in that an instance is gone, for good.</summary>
    public void Apply(InstanceDown down)
    {
        lock (_writing)
        {
            TakeDown(down.InstanceId, down.WorkspaceId, down.Reason);
        }

        changes.Raise();
    }

    /// <summary>
    /// Takes in a snapshot, one item at a time, so that logins go on meanwhile. Removes what neither this snapshot nor anything
    /// since <paramref name="absentSince"/> has mentioned.
    /// </summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="seen">When it was asked for.</param>
    /// <param name="readAt">The same, as a time of day.</param>
    /// <param name="absentSince">What was last mentioned before this is gone.</param>
    public void Apply(DirectorySnapshot snapshot, long seen, DateTimeOffset readAt, long absentSince)
    {
        foreach (var workspace in snapshot.Workspaces)
        {
            Write(workspace.Id, seen, entry =>
            {
                Identify(entry, new WorkspaceIdentity(
                    workspace.Id, workspace.Name, workspace.Owner, workspace.Blueprint, workspace.Model,
                    entry.Identity?.RequestedAt ?? readAt));

                // The directory may lag behind the events: within one generation it decides only where none came lately.
                var at = entry.StatusSeen < absentSince ? readAt : DateTimeOffset.MinValue;
                entry.Status = Newer(entry.Status, new WorkspaceStatus(workspace.Generation, workspace.State, at));
                DropStoppedInstances(entry);
            }, raise: false);
        }

        foreach (var instance in snapshot.Instances)
        {
            Write(instance.WorkspaceId, seen, entry => Add(entry, instance, seen), raise: false);
        }

        lock (_writing)
        {
            RemoveUnmentioned(absentSince);
        }

        changes.Raise();
    }

    private static WorkspaceStatus Newer(WorkspaceStatus current, WorkspaceStatus offered) => offered.Supersedes(current) ? offered : current;

    private void Write(string workspaceId, long seen, Action<Entry> change, bool raise = true)
    {
        lock (_writing)
        {
            if (_deleted.Contains(workspaceId))
            {
                return;
            }

            var entry = _byId.GetOrAdd(workspaceId, id => new Entry(id));
            entry.Seen = Math.Max(entry.Seen, seen);
            change(entry);
        }

        if (raise)
        {
            changes.Raise();
        }
    }

    private void Identify(Entry entry, WorkspaceIdentity identity)
    {
        if (entry.Identity?.Name != identity.Name)
        {
            Unname(entry);
            _idsByName.AddOrUpdate(identity.Name, [identity.Id], (_, ids) => ids.Add(identity.Id));
        }

        entry.Identity = identity;
    }

    private void Unname(Entry entry)
    {
        if (entry.Identity is not { } identity || !_idsByName.TryGetValue(identity.Name, out var ids))
        {
            return;
        }

        if (ids.Length == 1)
        {
            _idsByName.TryRemove(identity.Name, out _);
        }
        else
        {
            _idsByName[identity.Name] = ids.Remove(identity.Id);
        }
    }

    private void Add(Entry entry, InstanceUp up, long seen)
    {
        if (_down.Contains(up.InstanceId) || IsStopped(entry.Status, up.Generation))
        {
            return;
        }

        if (_instances.TryGetValue(up.InstanceId, out var known))
        {
            known.Seen = Math.Max(known.Seen, seen);
            return;
        }

        _instances.Add(up.InstanceId, new InstanceMark(up.WorkspaceId) { Seen = seen });
        foreach (var replaced in entry.Instances.Add(new InstanceRoute(up)))
        {
            _instances.Remove(replaced);
            _down.Add(replaced, InstanceDownReason.Crashed);
        }
    }

    /// <summary>A workspace that stopped has no instance of that generation or an older one left, whatever was missed.</summary>
    private void DropStoppedInstances(Entry entry)
    {
        if (entry.Status.State != WorkspaceState.Stopped)
        {
            return;
        }

        foreach (var route in entry.Instances.All.Where(route => IsStopped(entry.Status, route.Announcement.Generation)))
        {
            TakeDown(route.Id, entry.Id, InstanceDownReason.Terminating);
        }
    }

    private static bool IsStopped(WorkspaceStatus status, long generation) =>
        status.State == WorkspaceState.Stopped && generation <= status.Generation;

    private void TakeDown(Guid instanceId, string workspaceId, InstanceDownReason reason)
    {
        _down.Add(instanceId, reason);
        Forget(instanceId, workspaceId);
    }

    private void Forget(Guid instanceId, string workspaceId)
    {
        _instances.Remove(instanceId);
        if (_byId.TryGetValue(workspaceId, out var entry))
        {
            entry.Instances.Remove(instanceId);
        }
    }

    private void Delete(string workspaceId, DateTimeOffset at)
    {
        _deleted.Add(workspaceId, at);
        Forget(workspaceId);
    }

    private void Forget(string workspaceId)
    {
        if (!_byId.TryRemove(workspaceId, out var entry))
        {
            return;
        }

        Unname(entry);
        foreach (var route in entry.Instances.All)
        {
            _instances.Remove(route.Id);
            entry.Instances.Remove(route.Id);
        }
    }

    /// <summary>
    /// Absence is not a tombstone: the directory may lag behind the events that the Proxy has seen, and what it forgot may be
    /// mentioned again.
    /// </summary>
    private void RemoveUnmentioned(long absentSince)
    {
        foreach (var (id, mark) in _instances.Where(pair => pair.Value.Seen < absentSince).ToList())
        {
            Forget(id, mark.WorkspaceId);
        }

        foreach (var entry in _byId.Values.Where(entry => entry.Seen < absentSince && entry.Instances.Count == 0).ToList())
        {
            Forget(entry.Id);
        }
    }

    private sealed class Entry(string id)
    {
        private volatile Workspace? _workspace;
        private WorkspaceIdentity? _identity;
        private WorkspaceStatus _status = WorkspaceStatus.Unknown;

        public string Id { get; } = id;

        /// <summary>When it was last mentioned.</summary>
        public long Seen { get; set; }

        /// <summary>When an event last said something about its state.</summary>
        public long StatusSeen { get; set; }

        public InstanceSet Instances { get; } = new();

        /// <summary>What readers see; null while only its state or an instance was mentioned, and not yet what it is.</summary>
        public Workspace? Workspace => _workspace;

        public WorkspaceIdentity? Identity
        {
            get => _identity;
            set
            {
                _identity = value;
                Publish();
            }
        }

        public WorkspaceStatus Status
        {
            get => _status;
            set
            {
                _status = value;
                Publish();
            }
        }

        private void Publish() => _workspace = _identity is null ? null : new Workspace(_identity, _status);
    }

    private sealed class InstanceMark(string workspaceId)
    {
        public string WorkspaceId { get; } = workspaceId;

        public long Seen { get; set; }
    }
}

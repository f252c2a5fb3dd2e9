using System.Diagnostics.CodeAnalysis;
using Workspaces.Proxy.LoginNames;

namespace Workspaces.Proxy.Routing;

/// <summary>
/// The instances of one workspace, ordered by how many sessions this Proxy leads to each. Picking costs the same for one replica
/// and for thousands. Owns the session counts; safe for concurrent use.
/// </summary>
public sealed class InstanceSet
{
    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, Slot> _byId = [];
    private readonly Dictionary<string, Slot> _byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Slot> _formerOf = new(StringComparer.Ordinal);
    private readonly SortedSet<Slot> _bySessions = new(Slot.FewestSessionsFirst);

    /// <summary>How many instances are up, quarantined ones included.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _byId.Count;
            }
        }
    }

    /// <summary>How many of them sessions may be led to.</summary>
    public int UsableCount
    {
        get
        {
            lock (_lock)
            {
                return _bySessions.Count;
            }
        }
    }

    /// <summary>All instances, in the order of their replica names.</summary>
    public IReadOnlyList<InstanceRoute> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _byId.Values.Select(slot => slot.Route).OrderBy(route => route.Replica.Length).ThenBy(route => route.Replica, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Whether this very instance is up.</summary>
    public bool Contains(Guid instanceId)
    {
        lock (_lock)
        {
            return _byId.ContainsKey(instanceId);
        }
    }

    /// <summary>
    /// Takes the instance with the fewest sessions, or the one that <paramref name="selector"/> means, and counts a session on it
    /// until the lease is disposed. Whoever named none and was in one before comes into the same again while it is up: an editor's
    /// several connections belong together, and so do a person's files.
    /// </summary>
    /// <param name="selector">The instance that is meant; none: any.</param>
    /// <param name="person">Name of the user who comes.</param>
    /// <param name="lease">The instance.</param>
    public bool TryLease(ReplicaSelector? selector, string person, [NotNullWhen(true)] out InstanceLease? lease)
    {
        lock (_lock)
        {
            var slot = selector is null ? Former(person) ?? _bySessions.Min : Find(selector);
            if (slot is null || slot.IsQuarantined)
            {
                lease = null;
                return false;
            }

            if (selector is null)
            {
                _formerOf[person] = slot;
            }

            Recount(slot, +1);
            lease = new InstanceLease(slot.Route, _byId.Count, () => Release(slot));
            return true;
        }
    }

    /// <summary>Takes an instance out of the choice because it is not what was announced; it stays known until it goes down.</summary>
    public void Quarantine(Guid instanceId)
    {
        lock (_lock)
        {
            if (_byId.TryGetValue(instanceId, out var slot))
            {
                _bySessions.Remove(slot);
                slot.IsQuarantined = true;
            }
        }
    }

    /// <summary>
    /// Adds an instance. A container that was restarted in its pod replaces the one before it; returned are the ids that went for that.
    /// </summary>
    internal IReadOnlyList<Guid> Add(InstanceRoute route)
    {
        lock (_lock)
        {
            if (_byId.ContainsKey(route.Id))
            {
                return [];
            }

            if (_byName.TryGetValue(route.Pod, out var former) && former.Route.Announcement.Pod.Uid == route.Announcement.Pod.Uid)
            {
                if (former.Route.Announcement.OccurredAt > route.Announcement.OccurredAt)
                {
                    return [route.Id]; // The newer run was announced first.
                }

                Remove(former);
                Insert(new Slot(route));
                return [former.Route.Id];
            }

            Insert(new Slot(route));
            return [];
        }
    }

    /// <summary>Removes an instance, if it is there.</summary>
    internal bool Remove(Guid instanceId)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(instanceId, out var slot))
            {
                return false;
            }

            Remove(slot);
            return true;
        }
    }

    private Slot? Former(string person) =>
        _formerOf.TryGetValue(person, out var slot) && _byId.ContainsKey(slot.Route.Id) && !slot.IsQuarantined ? slot : null;

    private Slot? Find(ReplicaSelector selector)
    {
        if (_byName.TryGetValue(selector.Text, out var slot))
        {
            return slot;
        }

        // A DaemonSet has one pod on a node, and people know the node.
        if (_byId.Values.FirstOrDefault(candidate => candidate.Route.IsOnePerNode && candidate.Route.Node == selector.Text) is { } onNode)
        {
            return onNode;
        }

        // A longer end of a pod's name ("6d7f9-x2k4q") is rare enough to be looked for one by one.
        var end = "-" + selector.Text;
        return _byId.Values.FirstOrDefault(candidate => candidate.Route.Pod.EndsWith(end, StringComparison.Ordinal));
    }

    private void Insert(Slot slot)
    {
        _byId.Add(slot.Route.Id, slot);
        _byName[slot.Route.Pod] = slot;
        _byName[slot.Route.Replica] = slot;
        _bySessions.Add(slot);
    }

    private void Remove(Slot slot)
    {
        _byId.Remove(slot.Route.Id);
        _bySessions.Remove(slot);
        foreach (var name in new[] { slot.Route.Pod, slot.Route.Replica })
        {
            // A newer run may have taken the names over.
            if (_byName.TryGetValue(name, out var holder) && holder == slot)
            {
                _byName.Remove(name);
            }
        }
    }

    private void Release(Slot slot)
    {
        lock (_lock)
        {
            Recount(slot, -1);
        }
    }

    /// <summary>The count is what the set is ordered by, so the slot leaves it while the count changes.</summary>
    private void Recount(Slot slot, int change)
    {
        var listed = _bySessions.Remove(slot);
        slot.Sessions += change;
        if (listed)
        {
            _bySessions.Add(slot);
        }
    }

    private sealed class Slot(InstanceRoute route)
    {
        public static readonly Comparer<Slot> FewestSessionsFirst = Comparer<Slot>.Create((x, y) =>
            x.Sessions != y.Sessions ? x.Sessions.CompareTo(y.Sessions) : x.Route.Id.CompareTo(y.Route.Id));

        public InstanceRoute Route { get; } = route;

        public int Sessions { get; set; }

        public bool IsQuarantined { get; set; }
    }
}

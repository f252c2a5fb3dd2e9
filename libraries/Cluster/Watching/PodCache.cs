using k8s.Models;

namespace Workspaces.Cluster.Watching;

/// <summary>
/// The pods of workspaces, as list and watch tell of them. Safe to use from several threads. Which workspaces a pod belongs to is
/// read from its labels; whether it really does is not decided here.
/// </summary>
public sealed class PodCache(Func<V1Pod, IEnumerable<string>> workspacesOf) : IPodView
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, SeenPod> _byUid = [];
    private readonly Dictionary<string, HashSet<string>> _uidsByWorkspace = [];

    /// <inheritdoc/>
    public IReadOnlyList<SeenPod> Of(string workspaceId)
    {
        lock (_lock)
        {
            return _uidsByWorkspace.TryGetValue(workspaceId, out var uids)
                ? [.. uids.Select(uid => _byUid[uid]).OrderBy(seen => seen.Pod.Name(), StringComparer.Ordinal)]
                : [];
        }
    }

    /// <inheritdoc/>
    public void Forget(IEnumerable<SeenPod> dealtWith)
    {
        lock (_lock)
        {
            foreach (var pod in dealtWith)
            {
                // Only what the caller has seen gone: a pod that went since has yet to be dealt with.
                if (pod.Presence != PodPresence.Present && _byUid.TryGetValue(pod.Pod.Uid(), out var now) && ReferenceEquals(now, pod))
                {
                    Remove(pod.Pod);
                }
            }
        }
    }

    /// <summary>The answer to a list: what it lacks is missing.</summary>
    /// <returns>Workspaces that something changed for.</returns>
    public IReadOnlySet<string> Replace(IEnumerable<V1Pod> listed)
    {
        var changed = new HashSet<string>();
        lock (_lock)
        {
            var uids = new HashSet<string>();
            foreach (var pod in listed)
            {
                uids.Add(pod.Uid());
                changed.UnionWith(Store(new SeenPod(pod, PodPresence.Present)));
            }

            foreach (var missing in _byUid.Values.Where(seen => seen.Presence == PodPresence.Present && !uids.Contains(seen.Pod.Uid())).ToArray())
            {
                changed.UnionWith(Store(missing with { Presence = PodPresence.Missing }));
            }
        }

        return changed;
    }

    /// <summary>A pod was added or changed.</summary>
    /// <returns>Workspaces that it concerns.</returns>
    public IReadOnlySet<string> Set(V1Pod pod)
    {
        lock (_lock)
        {
            return Store(new SeenPod(pod, PodPresence.Present));
        }
    }

    /// <summary>A pod was deleted.</summary>
    /// <returns>Workspaces that it concerned.</returns>
    public IReadOnlySet<string> Delete(V1Pod pod)
    {
        lock (_lock)
        {
            return Store(new SeenPod(pod, PodPresence.Deleted));
        }
    }

    private HashSet<string> Store(SeenPod seen)
    {
        var uid = seen.Pod.Uid();
        var concerned = new HashSet<string>();
        if (_byUid.TryGetValue(uid, out var before))
        {
            // Its labels may have changed: both old and new workspaces want to know.
            concerned.UnionWith(workspacesOf(before.Pod));
            Remove(before.Pod);
        }

        var ids = workspacesOf(seen.Pod).ToArray();
        concerned.UnionWith(ids);
        _byUid[uid] = seen;
        foreach (var id in ids)
        {
            if (!_uidsByWorkspace.TryGetValue(id, out var uids))
            {
                _uidsByWorkspace[id] = uids = [];
            }

            uids.Add(uid);
        }

        return concerned;
    }

    private void Remove(V1Pod pod)
    {
        _byUid.Remove(pod.Uid());
        foreach (var id in workspacesOf(pod))
        {
            if (_uidsByWorkspace.TryGetValue(id, out var uids) && uids.Remove(pod.Uid()) && uids.Count == 0)
            {
                _uidsByWorkspace.Remove(id);
            }
        }
    }
}

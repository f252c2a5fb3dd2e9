using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Storage;

/// <summary>Which objects name which owner. Kept by the store, under its gate.</summary>
internal sealed class OwnerIndex
{
    private readonly Dictionary<string, HashSet<(ResourceType Type, string Key)>> _dependents = [];

    public IEnumerable<(ResourceType Type, string Key)> Of(string ownerUid) => _dependents.TryGetValue(ownerUid, out var found) ? found : [];

    /// <summary>Takes an object out as it was and in as it is.</summary>
    public void Replace(StoredObject? previous, StoredObject? current)
    {
        if (previous is not null && current is not null && previous.OwnerUids.SequenceEqual(current.OwnerUids))
        {
            return;
        }

        foreach (var owner in previous?.OwnerUids ?? [])
        {
            if (_dependents.TryGetValue(owner, out var entries) && entries.Remove((previous!.Type, previous.Key)) && entries.Count == 0)
            {
                _dependents.Remove(owner);
            }
        }

        foreach (var owner in current?.OwnerUids ?? [])
        {
            if (!_dependents.TryGetValue(owner, out var entries))
            {
                _dependents[owner] = entries = [];
            }

            entries.Add((current!.Type, current.Key));
        }
    }
}

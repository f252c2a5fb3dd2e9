using System.Collections.Concurrent;
using Workspaces.Contracts;

namespace Workspaces.Cluster.Commanding;

/// <summary>
/// Remembers for a while which workspaces were deleted, so that a command which the broker delivers again, after the record is gone,
/// does not bring one back. In memory: a command that is late by more than a restart of the worker is followed by its deletion anyway.
/// </summary>
public sealed class Tombstones(TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<string, (long Generation, DateTimeOffset Since)> _deleted = new();

    /// <summary>A workspace is gone, as of a generation.</summary>
    public void Add(string workspaceId, long generation)
    {
        var now = time.GetUtcNow();
        foreach (var (id, entry) in _deleted)
        {
            if (now - entry.Since > Kept)
            {
                _deleted.TryRemove(id, out _);
            }
        }

        _deleted[workspaceId] = (generation, now);
    }

    /// <summary>Whether <paramref name="command"/> is from before the deletion.</summary>
    public bool Covers(IWorkspaceCommand command) =>
        _deleted.TryGetValue(command.WorkspaceId, out var entry) && command.Generation <= entry.Generation;
}

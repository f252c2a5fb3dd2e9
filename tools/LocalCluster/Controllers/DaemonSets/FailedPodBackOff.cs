using System.Collections.Concurrent;

namespace Workspaces.LocalCluster.Controllers.DaemonSets;

/// <summary>
/// How soon the failed pods of a node are replaced: at once the first time, then after one second, two, four, up to a quarter of an hour. A new
/// generation of the DaemonSet starts anew.
/// </summary>
internal sealed class FailedPodBackOff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    private readonly ConcurrentDictionary<string, (TimeSpan Wait, DateTimeOffset Last)> _entries = new();

    /// <summary>How much longer a failed pod has to stay.</summary>
    public TimeSpan Left(string key)
    {
        if (!_entries.TryGetValue(key, out var entry))
        {
            return TimeSpan.Zero;
        }

        var left = entry.Last + entry.Wait - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>A failed pod was replaced.</summary>
    public void Next(string key)
    {
        var now = time.GetUtcNow();
        _entries.AddOrUpdate(
            key, (First, now), (_, entry) => now - entry.Last > Longest * 2 ? (First, now) : (entry.Wait * 2 < Longest ? entry.Wait * 2 : Longest, now));
    }
}

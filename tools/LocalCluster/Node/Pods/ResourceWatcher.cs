using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Lists a type of objects, then follows its changes; lists again when the watch cannot go on.</summary>
internal static class ResourceWatcher
{
    /// <summary>Runs until cancelled.</summary>
    /// <param name="api">The API.</param>
    /// <param name="type">What to watch, in all namespaces.</param>
    /// <param name="listed">Called with every object of a list, at first and again after a gap.</param>
    /// <param name="changed">Called with each change.</param>
    /// <param name="log">Where gaps are reported.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task RunAsync(
        IClusterApi api, ResourceType type, Action<IReadOnlyList<JsonObject>> listed, Action<WatchEvent> changed, ILogger log, CancellationToken ct)
    {
        while (true)
        {
            var (items, version) = api.List(type);
            listed(items);
            try
            {
                await foreach (var change in api.WatchAsync(type, null, version, ct))
                {
                    changed(change);
                }

                NodeLog.WatchEnded(log, type.Plural, "the stream ended");
            }
            catch (ApiStatusException e) when (!ct.IsCancellationRequested)
            {
                NodeLog.WatchEnded(log, type.Plural, e.Message);
            }

            ct.ThrowIfCancellationRequested();
        }
    }
}

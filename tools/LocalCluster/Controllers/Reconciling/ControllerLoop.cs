using System.Collections.Concurrent;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Pods;

namespace Workspaces.LocalCluster.Controllers.Reconciling;

/// <summary>Runs a reconciler: feeds it the keys that changes concern, one at a time, and retries failures with a growing delay.</summary>
internal sealed class ControllerLoop(IReconciler reconciler, IClusterApi api, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly ReconcileQueue _queue = new(time);
    private readonly ConcurrentDictionary<ObjectKey, TimeSpan> _retries = new();

    public Task RunAsync(CancellationToken ct)
    {
        var watches = reconciler.Watched.Append(reconciler.Type).Select(type => ResourceWatcher.RunAsync(
            api, type,
            items =>
            {
                foreach (var item in items)
                {
                    Add(type, item);
                }
            },
            change => Add(type, change.Object), log, ct));
        return Task.WhenAll(watches.Append(LoopAsync(ct)));
    }

    private void Add(ResourceType type, System.Text.Json.Nodes.JsonObject obj)
    {
        foreach (var key in type == reconciler.Type ? [ObjectKey.Of(obj)] : reconciler.Concerned(type, obj))
        {
            _queue.Add(key);
        }
    }

    private async Task LoopAsync(CancellationToken ct)
    {
        while (true)
        {
            var key = await _queue.TakeAsync(ct);
            try
            {
                if (await reconciler.ReconcileAsync(key, ct) is { } again)
                {
                    _queue.AddAfter(key, again, ct);
                }

                _retries.TryRemove(key, out _);
            }
            catch (ApiStatusException e) when (e.IsConflict)
            {
                // Someone else changed the object between reading and writing: decide again from what it is now.
                _queue.Add(key);
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                var delay = _retries.AddOrUpdate(key, FirstRetry, (_, last) => last * 2 < LongestRetry ? last * 2 : LongestRetry);
                if (e is ApiStatusException status)
                {
                    ControllerLog.Refused(log, reconciler.Type.Kind, key, status.Message);
                }
                else
                {
                    ControllerLog.Failed(log, reconciler.Type.Kind, key, e);
                }

                _queue.AddAfter(key, delay, ct);
            }
        }
    }
}

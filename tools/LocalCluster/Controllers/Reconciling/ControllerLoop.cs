using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Reconciling;

/// <summary>Runs a reconciler: takes the keys that changes concern, one at a time, and retries failures with a growing delay.</summary>
internal sealed class ControllerLoop(IReconciler reconciler, ObjectStore store, TimeProvider time, ILogger log)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);

    private readonly ReconcileQueue _queue = new(time);
    private readonly ConcurrentDictionary<ObjectKey, TimeSpan> _retries = new();

    /// <summary>Looks at everything there is, as after a start.</summary>
    public void AddAll()
    {
        foreach (var type in reconciler.Watched.Append(reconciler.Type))
        {
            foreach (var stored in store.List(type))
            {
                Add(stored);
            }
        }
    }

    /// <summary>Takes in a change of any kind.</summary>
    public void Notice(StoredChange change)
    {
        if (change.Current.Type != reconciler.Type && !reconciler.Watched.Contains(change.Current.Type))
        {
            return;
        }

        if (change.Previous is { } previous
            && (previous.ControllerUid != change.Current.ControllerUid || !JsonNode.DeepEquals(previous.Labels, change.Current.Labels)))
        {
            Add(previous);
        }

        Add(change.Current);
    }

    public async Task RunAsync(CancellationToken ct)
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
                Retry(key, e, ct);
            }
        }
    }

    private void Add(StoredObject stored)
    {
        if (stored.Type == reconciler.Type)
        {
            _queue.Add(ObjectKey.Of(stored));
        }

        if (reconciler.Watched.Contains(stored.Type))
        {
            foreach (var key in reconciler.Concerned(stored))
            {
                _queue.Add(key);
            }
        }
    }

    private void Retry(ObjectKey key, Exception e, CancellationToken ct)
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

using System.Threading.Channels;

namespace Workspaces.LocalCluster.Controllers.Reconciling;

/// <summary>
/// Keys of objects to look at. A key that waits is there once however often it is added; one that is being looked at is
/// looked at again afterwards.
/// </summary>
internal sealed class ReconcileQueue(TimeProvider time)
{
    private readonly Channel<ObjectKey> _channel = Channel.CreateUnbounded<ObjectKey>();
    private readonly HashSet<ObjectKey> _waiting = [];
    private readonly Dictionary<ObjectKey, DateTimeOffset> _due = [];

    public void Add(ObjectKey key)
    {
        lock (_waiting)
        {
            if (!_waiting.Add(key))
            {
                return;
            }
        }

        _channel.Writer.TryWrite(key);
    }

    /// <summary>Adds a key after a delay, unless cancelled. Of several delays of one key only the earliest to end counts.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay, CancellationToken ct)
    {
        var due = time.GetUtcNow() + delay;
        lock (_due)
        {
            if (_due.TryGetValue(key, out var present) && present <= due)
            {
                return;
            }

            _due[key] = due;
        }

        _ = Task.Delay(delay, time, ct).ContinueWith(_ => AddDue(key, due), ct, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
    }

    public async Task<ObjectKey> TakeAsync(CancellationToken ct)
    {
        var key = await _channel.Reader.ReadAsync(ct);
        lock (_waiting)
        {
            _waiting.Remove(key);
        }

        return key;
    }

    private void AddDue(ObjectKey key, DateTimeOffset due)
    {
        lock (_due)
        {
            if (!_due.TryGetValue(key, out var present) || present != due)
            {
                return; // an earlier one took its place
            }

            _due.Remove(key);
        }

        Add(key);
    }
}

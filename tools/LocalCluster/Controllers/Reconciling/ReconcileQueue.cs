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

    /// <summary>Adds a key after a delay, unless cancelled.</summary>
    public void AddAfter(ObjectKey key, TimeSpan delay, CancellationToken ct) =>
        _ = Task.Delay(delay, time, ct).ContinueWith(_ => Add(key), ct, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);

    public async Task<ObjectKey> TakeAsync(CancellationToken ct)
    {
        var key = await _channel.Reader.ReadAsync(ct);
        lock (_waiting)
        {
            _waiting.Remove(key);
        }

        return key;
    }
}

using System.Threading.Channels;

namespace Workspaces.Cluster.Reconciling;

/// <summary>
/// Workspaces to look at. One that is queued already is not queued again; one that is being worked on is queued when that is done, so
/// that no workspace is worked on twice at once and no wake-up is lost.
/// </summary>
public sealed class WorkQueue(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Channel<string> _ready = Channel.CreateUnbounded<string>();
    private readonly HashSet<string> _queued = [];
    private readonly HashSet<string> _working = [];

    /// <summary>The earliest timer of each workspace; a later one would find nothing new to do.</summary>
    private readonly Dictionary<string, (DateTimeOffset Due, ITimer Timer)> _timers = [];

    /// <summary>Workspaces that wait to be looked at.</summary>
    public int Waiting
    {
        get
        {
            lock (_lock)
            {
                return _queued.Count;
            }
        }
    }

    /// <summary>Look at a workspace as soon as possible.</summary>
    public void Add(string workspaceId)
    {
        lock (_lock)
        {
            if (_queued.Add(workspaceId) && !_working.Contains(workspaceId))
            {
                _ready.Writer.TryWrite(workspaceId);
            }
        }
    }

    /// <summary>Look at a workspace after a time.</summary>
    public void AddAfter(string workspaceId, TimeSpan delay)
    {
        lock (_lock)
        {
            var due = time.GetUtcNow() + delay;
            if (_timers.TryGetValue(workspaceId, out var earlier))
            {
                if (earlier.Due <= due)
                {
                    return;
                }

                earlier.Timer.Dispose();
            }

            _timers[workspaceId] = (due, time.CreateTimer(_ => Due(workspaceId, due), null, delay, Timeout.InfiniteTimeSpan));
        }
    }

    /// <summary>The next workspace. <see cref="Done"/> must follow.</summary>
    public async ValueTask<string> TakeAsync(CancellationToken cancellation)
    {
        var workspaceId = await _ready.Reader.ReadAsync(cancellation).ConfigureAwait(false);
        lock (_lock)
        {
            _queued.Remove(workspaceId);
            _working.Add(workspaceId);
        }

        return workspaceId;
    }

    /// <summary>Work on a workspace has ended, with whatever result.</summary>
    public void Done(string workspaceId)
    {
        lock (_lock)
        {
            _working.Remove(workspaceId);
            if (_queued.Contains(workspaceId))
            {
                _ready.Writer.TryWrite(workspaceId);
            }
        }
    }

    /// <summary>Forgets everything: the lease is lost, and whoever holds it next begins from the records.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            foreach (var (_, timer) in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
            _queued.Clear();
            while (_ready.Reader.TryRead(out _))
            {
                // emptied
            }
        }
    }

    private void Due(string workspaceId, DateTimeOffset due)
    {
        lock (_lock)
        {
            if (!_timers.TryGetValue(workspaceId, out var timer) || timer.Due != due)
            {
                return; // replaced by an earlier one
            }

            timer.Timer.Dispose();
            _timers.Remove(workspaceId);
        }

        Add(workspaceId);
    }
}

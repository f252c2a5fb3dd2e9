using k8s.Models;
using Workspaces.LocalCluster.Node.Volumes;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>
/// Looks after one pod from its arrival on the node to its last trace. A single loop does everything in turn; whatever
/// happens outside (a change of the pod, a container's end, a probe's answer) only wakes it.
/// </summary>
internal sealed class PodWorker(NodeParts node, PodParts parts, V1Pod pod)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetryDelay = TimeSpan.FromSeconds(30);

    private readonly WakeSignal _wake = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _evicted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile V1Pod _latest = pod;
    private volatile bool _gone;
    private volatile string? _eviction;
    private string? _reportedProblem;
    private TimeSpan _retryDelay = RetryDelay;

    public PodState State { get; } = new(pod, node.Time.GetUtcNow().UtcDateTime);

    /// <summary>Takes a newer state of the pod.</summary>
    public void Update(V1Pod newer)
    {
        _latest = newer;
        if (newer.Metadata.DeletionTimestamp is not null)
        {
            End();
        }

        Wake();
    }

    /// <summary>The pod is no longer in the API: nothing of it may be left here, without any grace.</summary>
    public void Remove()
    {
        _gone = true;
        End();
        Wake();
    }

    /// <summary>Ends the pod as the kubelet does under pressure; completes when its status says so or the pod is gone.</summary>
    public Task EvictAsync(string message)
    {
        _eviction ??= message;
        End();
        Wake();
        return _evicted.Task;
    }

    /// <summary>Makes the worker look at its pod.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Runs until the pod has left the node, or until cancelled, which leaves everything as it is.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        try
        {
            if (State.Pod.Status?.Phase is "Succeeded" or "Failed")
            {
                State.End(State.Pod.Status.Phase, State.Pod.Status.Reason, State.Pod.Status.Message);
            }

            await LoopAsync(ct);
        }
        finally
        {
            _evicted.TrySetResult();
        }
    }

    private async Task LoopAsync(CancellationToken ct)
    {
        TimeSpan? delay = TimeSpan.Zero;
        while (true)
        {
            await _wake.WaitAsync(delay, ct);
            await node.Faults.PassAsync(ct);
            try
            {
                State.Update(_latest);
                if (_gone || State.Pod.Metadata.DeletionTimestamp is not null)
                {
                    await parts.Removal.RemoveAsync(State, () => _latest, () => _gone, _wake, ct);
                    return;
                }

                delay = await StepAsync(ct);
                _retryDelay = RetryDelay;
            }
            catch (Exception e) when (!ct.IsCancellationRequested)
            {
                // The pod must not be lost to one failure: say what is wrong, and try again from what is.
                Report(e);
                await parts.Status.WriteAsync(State, node.Network.HostAddress, ct);
                delay = _retryDelay;
                _retryDelay = _retryDelay * 2 < LongestRetryDelay ? _retryDelay * 2 : LongestRetryDelay;
            }
        }
    }

    /// <summary>Hooks that the pod waits for must not keep it from ending.</summary>
    private void End() => _ending.TrySetResult();

    private async Task<TimeSpan?> StepAsync(CancellationToken ct)
    {
        var limit = parts.Limits.Check(State, _eviction);
        if (State.FinalPhase is not null)
        {
            await parts.Removal.EndAsync(State, ct);
            await parts.Status.WriteAsync(State, node.Network.HostAddress, ct);
            _evicted.TrySetResult();
            return null;
        }

        if (parts.Admission.Refuses(State))
        {
            return TimeSpan.Zero;
        }

        State.Volumes = await node.Volumes.PrepareAsync(State.Pod, ct);
        if (State.Sandbox is null)
        {
            State.Sandbox = await parts.Sandboxes.CreateAsync(State.Pod, ct);
        }

        var next = await parts.Containers.SyncAsync(State, Wake, _ending.Task, ct);
        if (State.FinalPhase is not null)
        {
            // The pod's phase tells of its end only when everything in it has ended.
            return TimeSpan.Zero;
        }

        await parts.Status.WriteAsync(State, node.Network.HostAddress, ct);
        next = Earlier(next, limit);
        return next is null ? null : TimeSpan.FromTicks(Math.Max(0, (next.Value - node.Time.GetUtcNow().UtcDateTime).Ticks));
    }

    private static DateTime? Earlier(DateTime? one, DateTime? other) => one is null || other < one ? other ?? one : one;

    private void Report(Exception e)
    {
        var (reason, expected) = e switch
        {
            VolumeNotReadyException => ("FailedMount", true),
            _ when State.Sandbox is null => ("FailedCreatePodSandBox", false),
            _ => ("FailedSync", false),
        };
        if (!expected)
        {
            NodeLog.PodStepFailed(node.Log, State.Key, e);
        }

        if (_reportedProblem != e.Message)
        {
            _reportedProblem = e.Message;
            parts.Events.Warning(State, null, reason, expected ? e.Message : $"{e.GetType().Name}: {e.Message}");
        }
    }
}

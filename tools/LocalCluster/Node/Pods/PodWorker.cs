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
    private volatile V1Pod _latest = pod;
    private volatile bool _gone;
    private string? _reportedProblem;
    private TimeSpan _retryDelay = RetryDelay;

    public PodState State { get; } = new(pod, node.Time.GetUtcNow().UtcDateTime);

    /// <summary>Takes a newer state of the pod.</summary>
    public void Update(V1Pod newer)
    {
        _latest = newer;
        Wake();
    }

    /// <summary>The pod is no longer in the API: nothing of it may be left here, without any grace.</summary>
    public void Remove()
    {
        _gone = true;
        Wake();
    }

    /// <summary>Makes the worker look at its pod.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Runs until the pod has left the node, or until cancelled, which leaves everything as it is.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        if (State.Pod.Status?.Phase is "Succeeded" or "Failed")
        {
            State.FinalPhase = State.Pod.Status.Phase;
            (State.FinalReason, State.FinalMessage) = (State.Pod.Status.Reason, State.Pod.Status.Message);
        }

        TimeSpan? delay = TimeSpan.Zero;
        while (true)
        {
            await _wake.WaitAsync(delay, ct);
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

    private async Task<TimeSpan?> StepAsync(CancellationToken ct)
    {
        if (State.FinalPhase is not null)
        {
            await parts.Removal.EndAsync(State, ct);
            await parts.Status.WriteAsync(State, node.Network.HostAddress, ct);
            return null;
        }

        State.Volumes = await node.Volumes.PrepareAsync(State.Pod, ct);
        if (State.Sandbox is null)
        {
            State.Sandbox = await parts.Sandboxes.CreateAsync(State.Pod, ct);
            await parts.Status.WriteAsync(State, node.Network.HostAddress, ct);
        }

        var next = await parts.Containers.SyncAsync(State, Wake, ct);
        await parts.Status.WriteAsync(State, node.Network.HostAddress, ct);
        if (State.FinalPhase is not null)
        {
            return TimeSpan.Zero;
        }

        return next is null ? null : TimeSpan.FromTicks(Math.Max(0, (next.Value - node.Time.GetUtcNow().UtcDateTime).Ticks));
    }

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

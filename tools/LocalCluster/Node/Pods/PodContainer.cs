using k8s.Models;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>What a pod worker knows of one container: its present run, how the last ones ended, and why it waits.</summary>
internal sealed class PodContainer(V1Container definition, ContainerRole role)
{
    private const string NotYetStarted = "ContainerCreating";
    private const string NotYetInitialized = "PodInitializing";

    public V1Container Definition { get; set; } = definition;

    public ContainerRole Role { get; } = role;

    public string Name => Definition.Name;

    /// <summary>For an ephemeral container: the container whose processes it sees.</summary>
    public string? Target { get; init; }

    public RunningContainer? Running { get; set; }

    /// <summary>Who the latest run is or was; null before one was started.</summary>
    public ContainerUser? User { get; set; }

    /// <summary>How the latest run ended; null before one has.</summary>
    public ContainerExit? LastExit { get; set; }

    /// <summary>How the run before the present or latest one ended.</summary>
    public ContainerExit? PreviousExit { get; set; }

    /// <summary>Runs started so far, over restarts of the node too.</summary>
    public int Attempts { get; set; }

    public int RestartCount => Math.Max(0, Attempts - 1);

    public string WaitingReason { get; set; } = NotYetStarted;

    public string? WaitingMessage { get; set; }

    /// <summary>The last message that was made an event of, so that a standing error is one event and not hundreds.</summary>
    public string? ReportedProblem { get; set; }

    public BackOff Restarts { get; } = new();

    public BackOff Pulls { get; } = new();

    public DateTime? LastPullFailure { get; set; }

    /// <summary>The startup probe succeeded, or there is none and the container runs.</summary>
    public bool Started { get; set; }

    /// <summary>The readiness probe's present answer; true where there is none.</summary>
    public bool ProbedReady { get; set; }

    public bool Ready => Running is not null && Started && ProbedReady && Role != ContainerRole.Ephemeral;

    /// <summary>Set while the container is being stopped on purpose.</summary>
    public Task? Stopping { get; set; }

    public CancellationTokenSource? Probing { get; set; }

    public Task? Probes { get; set; }

    /// <summary>A run was started by this node; what the status tells of runs before does not count for initialization.</summary>
    public bool RanHere { get; set; }

    public bool Succeeded => RanHere && Running is null && LastExit?.ExitCode == 0;

    public bool IsTerminated => Running is null && LastExit is not null;

    public void WaitForInitialization() => (WaitingReason, WaitingMessage) = (NotYetInitialized, null);

    public void WaitForCreation() => (WaitingReason, WaitingMessage) = (NotYetStarted, null);

    public void Wait(string reason, string? message) => (WaitingReason, WaitingMessage) = (reason, message);
}

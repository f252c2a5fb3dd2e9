using Workspaces.Contracts;

namespace Workspaces.Cluster.Records;

/// <summary>How far a generation has come.</summary>
public enum OutcomeState
{
    /// <summary>The worker is still at it.</summary>
    Pending,

    /// <summary>The first instance of this generation has been usable.</summary>
    Ready,

    /// <summary>It failed; what was applied is being taken back.</summary>
    Failing,

    /// <summary>It failed, and what was applied has been taken back.</summary>
    Failed,

    /// <summary>Stopped: only storage is left.</summary>
    Stopped,

    /// <summary>Deleted: the record itself goes as soon as the broker has confirmed it.</summary>
    Deleted,
}

/// <summary>What became of one generation of desired state.</summary>
public sealed record Outcome
{
    /// <summary>How far it has come.</summary>
    public OutcomeState State { get; init; } = OutcomeState.Pending;

    /// <summary>Furthest stage that was reported.</summary>
    public WorkspaceStage? Stage { get; init; }

    /// <summary>Kind of failure.</summary>
    public FailureReason? Reason { get; init; }

    /// <summary>Failure in a sentence, in the cluster's words where it had some.</summary>
    public string? Message { get; init; }

    /// <summary>When the failure was found.</summary>
    public DateTimeOffset? FailedAt { get; init; }

    /// <summary>Whether nothing is left to do for this generation.</summary>
    public bool IsFinal => State is OutcomeState.Failed or OutcomeState.Stopped or OutcomeState.Deleted;
}

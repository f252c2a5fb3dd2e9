using Workspaces.Contracts;

namespace Workspaces.Cluster.Watching;

/// <summary>How long to wait whether a trouble passes.</summary>
public enum Patience
{
    /// <summary>It will not pass.</summary>
    None,

    /// <summary>It passes soon or not at all: a name that cannot be resolved yet, a Secret that is being made.</summary>
    Short,

    /// <summary>It may take as long as a start may take: a node that is being added.</summary>
    UntilDeadline,
}

/// <summary>What keeps a pod from coming up.</summary>
/// <param name="Reason">What it would fail with.</param>
/// <param name="Message">A sentence with the cluster's own words.</param>
/// <param name="Patience">How long to wait.</param>
public sealed record PodTrouble(FailureReason Reason, string Message, Patience Patience);

using Workspaces.Contracts;

namespace Workspaces.Proxy.Routing;

/// <summary>
/// Where a workspace stands, and the order of such statements: messages arrive late, twice and in any order, and the newest
/// statement wins whenever it arrives.
/// </summary>
/// <param name="Generation">The change of desired state that this belongs to.</param>
/// <param name="State">The state.</param>
/// <param name="At">When that was so.</param>
/// <param name="Message">A sentence about it for a person, from the cluster: untrusted text.</param>
public sealed record WorkspaceStatus(long Generation, WorkspaceState State, DateTimeOffset At, string? Message = null)
{
    /// <summary>What is known before anything is.</summary>
    public static WorkspaceStatus Unknown { get; } = new(0, WorkspaceState.Requested, DateTimeOffset.MinValue);

    /// <summary>
    /// Whether this says more than <paramref name="other"/>: a newer generation; in the same one, an outcome over progress and
    /// progress over a wish; in the same step, the later.
    /// </summary>
    public bool Supersedes(WorkspaceStatus other)
    {
        if (Generation != other.Generation)
        {
            return Generation > other.Generation;
        }

        return Step != other.Step ? Step > other.Step : At > other.At;
    }

    /// <summary>Wish, progress, outcome: the order within one generation.</summary>
    private int Step => State switch
    {
        WorkspaceState.Requested or WorkspaceState.Stopping or WorkspaceState.Deleting => 0,
        WorkspaceState.Starting => 1,
        WorkspaceState.Ready or WorkspaceState.Failed or WorkspaceState.Stopped => 2,
        _ => throw new InvalidOperationException($"State {State} has no place in the order."),
    };
}

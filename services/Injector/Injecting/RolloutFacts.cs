using Workspaces.Cluster.Watching;

namespace Workspaces.Injector.Injecting;

/// <summary>What is seen of a rollout that brings a workspace into a workload.</summary>
internal sealed record RolloutFacts
{
    /// <summary>Name of the workload for a sentence.</summary>
    public required string Title { get; init; }

    /// <summary>Instances that are up.</summary>
    public required int Up { get; init; }

    /// <summary>Replicas that are to have one.</summary>
    public required int Wanted { get; init; }

    /// <summary>Whether the controller has replaced every pod.</summary>
    public required bool IsReplaced { get; init; }

    /// <summary>Whether the service was not healthy before and its own containers hold up the rollout.</summary>
    public required bool IsHeldUpByTarget { get; init; }

    /// <summary>What keeps the workspace itself from coming up.</summary>
    public PodTrouble? Trouble { get; init; }
}

using Workspaces.LocalCluster.Node.Logs;
using Workspaces.LocalCluster.Node.Runtime;
using Workspaces.LocalCluster.Node.Streams;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>One run of a container from start to end. Its <see cref="Exit"/> completes when the last output is in the log.</summary>
internal sealed class RunningContainer
{
    public required ContainerSpec Spec { get; init; }

    public required ContainerProcess Process { get; init; }

    public required ContainerLog Log { get; init; }

    /// <summary>The container's terminal, where it has one.</summary>
    public required Terminal? Terminal { get; init; }

    /// <summary>Standard input stays open for attaching clients.</summary>
    public required bool AcceptsInput { get; init; }

    /// <summary>The first client that attaches is the last: the input ends with its own.</summary>
    public required bool InputEndsWithClient { get; init; }

    /// <summary>The image name that the pod asked for when this run started.</summary>
    public required string Image { get; init; }

    public required DateTime StartedAt { get; init; }

    public required string Folder { get; init; }

    public required Task<ContainerExit> Exit { get; init; }
}

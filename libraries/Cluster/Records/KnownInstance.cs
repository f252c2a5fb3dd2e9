namespace Workspaces.Cluster.Records;

/// <summary>An instance that was reported up and not yet down.</summary>
public sealed record KnownInstance
{
    /// <summary>Identity of the run.</summary>
    public required Guid InstanceId { get; init; }

    /// <summary>Name of its pod.</summary>
    public required string Pod { get; init; }

    /// <summary>Uid of its pod.</summary>
    public required string PodUid { get; init; }

    /// <summary>Container id of the run.</summary>
    public required string ContainerId { get; init; }
}

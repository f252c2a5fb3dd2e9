using System.Text.Json.Serialization;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Requests.Workspaces;

/// <summary>
/// A workspace as its stream of events says: what the decider decides from, and what the API answers from. Written only by
/// <see cref="WorkspaceProjection"/>.
/// </summary>
public sealed record Workspace
{
    /// <summary>Id, also of the stream.</summary>
    public required string Id { get; init; }

    /// <summary>Name, unique among workspaces and users that exist.</summary>
    public required string Name { get; init; }

    /// <summary>The person it belongs to.</summary>
    public required WorkspaceOwner Owner { get; init; }

    /// <summary>The resolved blueprint.</summary>
    public required Blueprint Blueprint { get; init; }

    /// <summary>Which worker it goes to.</summary>
    public required WorkspaceModel Model { get; init; }

    /// <summary>The workload, for injection.</summary>
    public WorkspaceTarget? Target { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it will be deleted.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>+1 at each change of <see cref="Desired"/>.</summary>
    public required long Generation { get; init; }

    /// <summary>What was asked for last.</summary>
    public required DesiredState Desired { get; init; }

    /// <summary>What is known about how far that has come.</summary>
    public required WorkspaceState State { get; init; }

    /// <summary>The step of a workspace that is coming up.</summary>
    public WorkspaceStage? Stage { get; init; }

    /// <summary>Time of the report that <see cref="Stage"/> is from; an older one says nothing new.</summary>
    public DateTimeOffset? StageAt { get; init; }

    /// <summary>When it became ready, in this generation.</summary>
    public DateTimeOffset? ReadyAt { get; init; }

    /// <summary>Why it failed.</summary>
    public FailureReason? Failure { get; init; }

    /// <summary>Why it was stopped or deleted.</summary>
    public ChangeReason? Change { get; init; }

    /// <summary>The newest sentence for a person.</summary>
    public string? Message { get; init; }

    /// <summary>Instances that are up.</summary>
    public IReadOnlyList<InstanceUp> Instances { get; init; } = [];

    /// <summary>Instances that went down, newest last: their InstanceUp may still be on its way.</summary>
    public IReadOnlyList<Guid> Gone { get; init; } = [];

    /// <summary>Newest generation that was stopped or deleted; an instance of an older one is not up any more.</summary>
    public long TornDown { get; init; }

    /// <summary>When its worker reported that nothing is left.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Whether it is gone: only its id is remembered.</summary>
    [JsonIgnore]
    public bool IsDeleted => DeletedAt is not null;
}

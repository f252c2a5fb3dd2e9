using System.Text.Json.Serialization;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;

namespace Workspaces.Cluster.Records;

/// <summary>
/// A worker's whole memory of one workspace. Consumers write what is wanted, the reconcile loop writes what became of it; both by
/// optimistic concurrency. Everything in it can be lost only with the cluster.
/// </summary>
public sealed record WorkspaceRecord
{
    /// <summary>Ended instances that are remembered, so that a late sight of one does not bring it back.</summary>
    public const int MaxEnded = 32;

    /// <summary>Workspace id.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>Model, and so the worker.</summary>
    public required WorkspaceModel Model { get; init; }

    /// <summary>Newest generation of desired state; commands of older ones are ignored.</summary>
    public required long Generation { get; init; }

    /// <summary>What the newest generation wants.</summary>
    public required DesiredState Desired { get; init; }

    /// <summary>When the newest command was made.</summary>
    public required DateTimeOffset DesiredAt { get; init; }

    /// <summary>
    /// The request. Absent where the worker was told to stop or delete a workspace that it has never heard of: there is nothing
    /// then that it could apply.
    /// </summary>
    public WorkspaceRequest? Request { get; init; }

    /// <summary>What was last applied.</summary>
    public AppliedState? Applied { get; init; }

    /// <summary>
    /// Injection: what stands, or may stand, in the target. Written before anything is applied and removed after everything was
    /// taken back, so that it is never less than what there is.
    /// </summary>
    public InjectionState? Injection { get; init; }

    /// <summary>What became of <see cref="Generation"/>.</summary>
    public Outcome Outcome { get; init; } = new();

    /// <summary>What keeps the pod from coming up at the moment.</summary>
    public Trouble? Trouble { get; init; }

    /// <summary>Instances that are up.</summary>
    public IReadOnlyList<KnownInstance> Instances { get; init; } = [];

    /// <summary>The last instances that went down, newest last, at most <see cref="MaxEnded"/>.</summary>
    public IReadOnlyList<Guid> Ended { get; init; } = [];

    /// <summary>Events that the broker has not confirmed, in order.</summary>
    public IReadOnlyList<PendingEvent> Pending { get; init; } = [];

    /// <summary>
    /// Time of the newest event. The cluster's timestamps are in whole seconds, ours are not: a later event is never dated before
    /// an earlier one.
    /// </summary>
    public DateTimeOffset LastEventAt { get; init; }

    /// <summary>W3C trace parent of the newest command; what follows from it continues that trace.</summary>
    public string? TraceParent { get; init; }

    /// <summary>Version of the stored record; never part of its content.</summary>
    [JsonIgnore]
    public string? ResourceVersion { get; init; }
}

/// <summary>What was asked for, as <see cref="WorkspaceRequested"/> carried it.</summary>
public sealed record WorkspaceRequest
{
    /// <summary>Workspace name.</summary>
    public required string Name { get; init; }

    /// <summary>Who it belongs to.</summary>
    public required WorkspaceOwner Owner { get; init; }

    /// <summary>The resolved blueprint.</summary>
    public required Blueprint Blueprint { get; init; }

    /// <summary>Injection: the workload it goes into.</summary>
    public WorkspaceTarget? Target { get; init; }
}

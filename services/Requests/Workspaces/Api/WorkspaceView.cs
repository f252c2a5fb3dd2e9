using System.Text.Json.Serialization;
using Workspaces.Contracts;
using Workspaces.Requests.Blueprints;

namespace Workspaces.Requests.Workspaces.Api;

/// <summary>A workspace as the API shows it. Fields without a value are there as null, so that clients see what exists.</summary>
public sealed record WorkspaceView
{
    /// <summary>Id.</summary>
    public required string Id { get; init; }

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the owner.</summary>
    public required string Owner { get; init; }

    /// <summary>Name of the blueprint.</summary>
    public required string Blueprint { get; init; }

    /// <summary>Deployment model.</summary>
    public required WorkspaceModel Model { get; init; }

    /// <summary>The workload, for injection.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public WorkspaceTarget? Target { get; init; }

    /// <summary>State.</summary>
    public required WorkspaceState State { get; init; }

    /// <summary>The step, while it comes up.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public WorkspaceStage? Stage { get; init; }

    /// <summary>Why it failed, or why it was stopped or is being deleted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Reason { get; init; }

    /// <summary>The newest sentence for a person.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Message { get; init; }

    /// <summary>Instances that are up.</summary>
    public required IReadOnlyList<InstanceView> Instances { get; init; }

    /// <summary>Parts of the blueprint that it goes without.</summary>
    public required IReadOnlyList<IgnoredPart> Ignored { get; init; }

    /// <summary>Command lines that open a shell.</summary>
    public required IReadOnlyList<string> Ssh { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it will be deleted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>When it will be stopped unless somebody uses it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public DateTimeOffset? IdleStopAt { get; init; }
}

/// <summary>An instance as the API shows it.</summary>
/// <param name="Id">Id of the instance.</param>
/// <param name="Pod">Name of its pod.</param>
/// <param name="Namespace">Namespace of its pod.</param>
/// <param name="Replica">StatefulSet ordinal, or the suffix of the pod's name.</param>
/// <param name="Node">Node it runs on.</param>
/// <param name="State">Always <c>Up</c>: an instance that is down is no instance any more.</param>
/// <param name="Since">When it came up.</param>
public sealed record InstanceView(Guid Id, string Pod, string Namespace, string Replica, string Node, string State, DateTimeOffset Since);

/// <summary>A page of workspaces, newest first.</summary>
/// <param name="Items">The workspaces.</param>
/// <param name="NextCursor">Value of <c>cursor</c> for the next page; null: this is the last.</param>
public sealed record WorkspacePage(
    IReadOnlyList<WorkspaceView> Items, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

namespace Workspaces.Auditor.Log;

/// <summary>What the request of a workspace said that later events of it do not repeat.</summary>
public sealed record WorkspaceFacts
{
    /// <summary>Workspace id.</summary>
    public required string Id { get; init; }

    /// <summary>Name of the owner.</summary>
    public required string Owner { get; init; }

    /// <summary>The workload of an injection, <c>NAMESPACE/KIND/NAME</c>.</summary>
    public string? Target { get; init; }
}

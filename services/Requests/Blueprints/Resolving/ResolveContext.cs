using Workspaces.Contracts;

namespace Workspaces.Requests.Blueprints.Resolving;

/// <summary>What a blueprint is resolved for.</summary>
public sealed record ResolveContext
{
    /// <summary>Whose workspace it will be.</summary>
    public required WorkspaceOwner Owner { get; init; }

    /// <summary>Id of the workspace.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>Name of the workspace.</summary>
    public required string WorkspaceName { get; init; }

    /// <summary>Set for injection.</summary>
    public WorkspaceTarget? Target { get; init; }

    /// <summary>What the request set; every other parameter has its default.</summary>
    public IReadOnlyDictionary<string, string> Parameters { get; init; } = new Dictionary<string, string>();
}

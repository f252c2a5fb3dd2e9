namespace Workspaces.Auditor.Log;

/// <summary>Which entries somebody wants; what is absent does not matter.</summary>
public sealed record LogFilter
{
    /// <summary>Types of event; one of them.</summary>
    public IReadOnlyList<string>? Types { get; init; }

    /// <summary>Id of the workspace.</summary>
    public string? WorkspaceId { get; init; }

    /// <summary>Owner of the workspace.</summary>
    public string? Owner { get; init; }

    /// <summary>Who acted.</summary>
    public string? User { get; init; }

    /// <summary>The workload, <c>NAMESPACE/KIND/NAME</c>.</summary>
    public string? Target { get; init; }

    /// <summary>The SSH session.</summary>
    public Guid? SessionId { get; init; }

    /// <summary>Happened at this time or later.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Happened before this time.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Last sequence of interest.</summary>
    public long? Upto { get; init; }
}

namespace Workspaces.Requests.Workspaces;

/// <summary>The workspace lives until another time now. Stored only: the clock is Requests' own business, workers need not know.</summary>
public sealed record WorkspaceExtended
{
    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Who asked.</summary>
    public required string RequestedBy { get; init; }

    /// <summary>The new end.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

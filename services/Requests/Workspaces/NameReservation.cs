namespace Workspaces.Requests.Workspaces;

/// <summary>
/// Who holds a name. Users and workspaces share one space of names; the document's id is the name, so that the database itself
/// refuses a second holder, in the transaction that makes the first.
/// </summary>
public sealed record NameReservation
{
    /// <summary>The name.</summary>
    public required string Id { get; init; }

    /// <summary>The workspace that holds it; null: a user does.</summary>
    public string? WorkspaceId { get; init; }
}

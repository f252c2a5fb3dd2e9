namespace Workspaces.Auditor.Log;

/// <summary>Where the log ends, and where it begins: one row, changed in the transaction of each append.</summary>
public sealed record LogHead
{
    /// <summary>There is one head.</summary>
    public const int OnlyId = 1;

    /// <summary>Always <see cref="OnlyId"/>.</summary>
    public int Id { get; init; } = OnlyId;

    /// <summary>Sequence of the newest entry; 0 for an empty log.</summary>
    public long Last { get; init; }

    /// <summary>Sequence of the oldest entry that has not been archived.</summary>
    public long First { get; init; } = 1;

    /// <summary>Hash of the newest entry that has been archived; null: none has.</summary>
    public string? ArchivedHash { get; init; }

    /// <summary>Hash of the newest entry.</summary>
    public string Hash { get; init; } = LogHash.Start;

    /// <summary>Hash that the oldest entry must follow; null where it is not known.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? HashBeforeFirst => First <= 1 ? LogHash.Start : ArchivedHash;
}

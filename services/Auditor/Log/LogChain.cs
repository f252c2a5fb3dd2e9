namespace Workspaces.Auditor.Log;

/// <summary>What must hold for an entry and the one before it, wherever they are kept: in the database or in an archive.</summary>
internal static class LogChain
{
    /// <summary>Why an entry does not fit where <paramref name="expected"/> should be; null: it does.</summary>
    /// <param name="entry">The entry that is there.</param>
    /// <param name="expected">Sequence that it must have.</param>
    /// <param name="previous">Hash of the entry before; null where that is not known.</param>
    public static string? ProblemOf(LogEntry entry, long expected, string? previous) =>
        entry.Sequence != expected ? $"The entry is missing; the next one there is {entry.Sequence}."
        : previous is not null && entry.PreviousHash != previous ? "It does not follow the entry before it."
        : entry.RedactedAt is null && LogHash.OfMessage(entry.Message) != entry.MessageHash ? "Its message was changed."
        : entry.RedactedAt is not null && entry.Message.Length > 0 ? "It says that it was redacted, and has a message."
        : LogHash.Of(entry) != entry.Hash ? "It was changed."
        : null;
}

namespace Workspaces.Auditor.Log;

/// <summary>A part of the log.</summary>
/// <param name="First">Where the log begins: what was before has been archived.</param>
/// <param name="Entries">Entries, oldest first.</param>
/// <param name="Next">After which sequence to go on reading.</param>
/// <param name="More">Whether there is more to read right now.</param>
public sealed record LogPage(long First, IReadOnlyList<LogEntry> Entries, long Next, bool More)
{
    /// <summary>Whether what comes right after <paramref name="after"/> is not in the log any more.</summary>
    public bool BeginsAfter(long after) => after + 1 < First;
}

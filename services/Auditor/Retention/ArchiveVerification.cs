namespace Workspaces.Auditor.Retention;

/// <summary>What is in a file of the archive.</summary>
/// <param name="First">Its first sequence.</param>
/// <param name="Last">The last one that fits.</param>
/// <param name="LastHash">Hash of that one: what comes next must follow it.</param>
/// <param name="Problem">What is wrong; null: nothing.</param>
internal sealed record ArchiveVerification(long First, long Last, string? LastHash, string? Problem);

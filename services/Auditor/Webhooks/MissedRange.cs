namespace Workspaces.Auditor.Webhooks;

/// <summary>Entries that a subscription did not get, because they were archived before. They are in the archive.</summary>
/// <param name="From">First sequence.</param>
/// <param name="To">Last sequence.</param>
/// <param name="At">When that was noticed.</param>
public sealed record MissedRange(long From, long To, DateTimeOffset At);

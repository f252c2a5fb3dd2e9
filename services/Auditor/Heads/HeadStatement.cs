namespace Workspaces.Auditor.Heads;

/// <summary>What a signature vouches for: at this time the log ended with this entry.</summary>
/// <param name="Sequence">The newest entry.</param>
/// <param name="Hash">Its hash, and by the chain that of every entry before.</param>
/// <param name="At">When.</param>
public sealed record HeadStatement(long Sequence, string Hash, DateTimeOffset At);

namespace Workspaces.Auditor.Verifying;

/// <summary>What a verification found.</summary>
/// <param name="From">First sequence that was verified.</param>
/// <param name="To">Last sequence that was verified; smaller than <paramref name="From"/> where there was nothing.</param>
/// <param name="Sequence">The first entry that does not fit; null: all fit.</param>
/// <param name="Problem">What is wrong with it.</param>
public sealed record Verification(long From, long To, long? Sequence = null, string? Problem = null)
{
    /// <summary>Whether all fit.</summary>
    public bool IsWhole => Sequence is null;
}

using Workspaces.Auditor.Log;
using Xunit;

namespace Workspaces.Auditor.Tests.Log;

/// <summary>What holds for every log.</summary>
internal static class LogAssert
{
    /// <summary>Sequences 1, 2, 3..., and each entry carries the hash of the one before.</summary>
    public static void IsWhole(IReadOnlyList<LogEntry> entries)
    {
        var previous = LogHash.Start;
        var sequence = 0L;
        foreach (var entry in entries)
        {
            Assert.Equal(++sequence, entry.Sequence);
            Assert.Equal(previous, entry.PreviousHash);
            Assert.Equal(LogHash.OfMessage(entry.Message), entry.MessageHash);
            Assert.Equal(LogHash.Of(entry), entry.Hash);
            previous = entry.Hash;
        }
    }
}

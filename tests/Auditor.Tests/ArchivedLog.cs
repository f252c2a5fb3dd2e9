using Marten;
using Workspaces.Auditor.Log;
using Xunit;

namespace Workspaces.Auditor.Tests;

/// <summary>A log whose first entries have been archived, as far as those who read it can tell.</summary>
internal static class ArchivedLog
{
    public static async Task UptoAsync(AuditorHost auditor, long sequence)
    {
        var head = await auditor.Get<LogReader>().HeadAsync(TestContext.Current.CancellationToken);
        await using var session = auditor.Get<IDocumentStore>().LightweightSession();
        session.Store(head with { First = sequence + 1 });
        session.DeleteWhere<LogEntry>(entry => entry.Sequence <= sequence);
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }
}

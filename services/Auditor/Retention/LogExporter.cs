using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Retention;

/// <summary>Writes entries out in the form of the archive, for the API and for operators.</summary>
internal sealed class LogExporter(LogReader log)
{
    private const int PageSize = 1000;

    /// <summary>Where an export ends that begins now: what comes later is for the next one.</summary>
    public static LogFilter UptoNow(LogFilter filter, LogHead head) => filter with { Upto = Math.Min(filter.Upto ?? head.Last, head.Last) };

    /// <summary>Writes the entries after a sequence that match a filter. Returns how many; null: entries were archived meanwhile, so that some are missing.</summary>
    public async Task<long?> WriteAsync(Stream stream, LogFilter filter, long after, CancellationToken cancellationToken)
    {
        long count = 0;
        while (true)
        {
            var page = await log.PageAsync(filter, after, PageSize, cancellationToken);
            if (page.BeginsAfter(after))
            {
                return null;
            }

            await LogLines.WriteAsync(stream, page.Entries, cancellationToken);
            count += page.Entries.Count;
            after = page.Next;
            if (!page.More)
            {
                return count;
            }
        }
    }
}

using Marten;
using Microsoft.Extensions.Options;
using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Retention;

/// <summary>
/// Applies the rules of retention. From the log's head to the archive:
/// (1) the oldest entries whose time is over and that the broker's feed has had, (2) written to a file, (3) read back and verified against the chain,
/// (4) removed from the log. A log that somebody changed fails at (3), and nothing is removed.
/// </summary>
internal sealed class Archiver(
    LogReader log, LogTrimmer trimmer, LogRedactor redactor, IDocumentStore store, IOptions<RetentionOptions> options, TimeProvider clock, ILogger<Archiver> logger)
{
    private static readonly LogFilter Everything = new();

    /// <summary>Redacts and archives what is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var fed = await FedAsync(cancellationToken);
        foreach (var (type, age) in options.Value.Redact)
        {
            var now = clock.GetUtcNow();
            if (await redactor.RedactAsync(type, now - age, fed, now, cancellationToken) is > 0 and var count)
            {
                RetentionLog.Redacted(logger, count, type);
            }
        }

        while (options.Value.Keep is { } keep && await ArchiveAsync(clock.GetUtcNow() - keep, fed, cancellationToken))
        {
            // One file after the other.
        }
    }

    private async Task<bool> ArchiveAsync(DateTimeOffset storedBefore, long fed, CancellationToken cancellationToken)
    {
        // 1. The oldest entries whose time is over.
        var head = await log.HeadAsync(cancellationToken);
        var entries = (await log.ReadAsync(Everything, head.First - 1, options.Value.EntriesPerFile, cancellationToken))
            .TakeWhile(entry => entry.StoredAt < storedBefore && entry.Sequence <= fed)
            .ToList();
        if (entries.Count == 0)
        {
            return false;
        }

        // 2. Written.
        var last = entries[^1];
        var path = await ArchiveFile.WriteAsync(options.Value.ArchiveFolder!, entries, cancellationToken);

        // 3. Verified.
        var verification = await ArchiveFile.VerifyAsync(path, head.HashBeforeFirst, cancellationToken);
        if (verification.Problem is { } problem || verification.First != head.First || verification.LastHash != last.Hash)
        {
            throw new InvalidDataException($"{path} does not verify, so nothing was removed from the log. {verification.Problem ?? "It is not what was written."}");
        }

        // 4. Removed.
        await trimmer.TrimAsync(head.First, last.Sequence, last.Hash, cancellationToken);
        RetentionLog.Archived(logger, head.First, last.Sequence, path);
        return entries.Count == options.Value.EntriesPerFile;
    }

    private async Task<long> FedAsync(CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return (await session.LoadAsync<FeedCheckpoint>(FeedCheckpoint.Broker, cancellationToken))?.Sequence ?? 0;
    }
}

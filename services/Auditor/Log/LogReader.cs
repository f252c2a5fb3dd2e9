using Marten;

namespace Workspaces.Auditor.Log;

/// <summary>Reads the log.</summary>
public sealed class LogReader(IDocumentStore store)
{
    /// <summary>Where the log begins and ends now.</summary>
    public async Task<LogHead> HeadAsync(CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return await session.LoadAsync<LogHead>(LogHead.OnlyId, cancellationToken) ?? new LogHead();
    }

    /// <summary>Before SQL of one's own: the table is there.</summary>
    internal async Task EnsureStorageAsync(CancellationToken cancellationToken) =>
        await store.Storage.Database.EnsureStorageExistsAsync(typeof(LogEntry), cancellationToken);

    /// <summary>A page of the entries after a sequence that match a filter.</summary>
    public async Task<LogPage> PageAsync(LogFilter filter, long after, int limit, CancellationToken cancellationToken)
    {
        // The head first: whatever is stored between the two reads can only make the page longer than the head says.
        var head = await HeadAsync(cancellationToken);
        if (after + 1 < head.First)
        {
            return new LogPage(head.First, [], after, More: false);
        }

        var entries = await ReadAsync(filter, after, limit + 1, cancellationToken); // one more tells whether there are more

        // Entries that were archived between the two reads must not look as if they did not match.
        if (await HeadAsync(cancellationToken) is { First: var first } && after + 1 < first)
        {
            return new LogPage(first, [], after, More: false);
        }

        if (entries.Count > limit)
        {
            return new LogPage(head.First, [.. entries.Take(limit)], entries[limit - 1].Sequence, More: true);
        }

        // The reader need not look again at what it has just been told does not match.
        var next = Math.Max(head.Last, entries.Count > 0 ? entries[^1].Sequence : after);
        return new LogPage(head.First, entries, Math.Max(Math.Min(next, filter.Upto ?? next), after), More: false);
    }

    /// <summary>Single entries; those that are not in the log, or not any more, are left out.</summary>
    public async Task<IReadOnlyDictionary<long, LogEntry>> FindAsync(long[] sequences, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        return (await session.LoadManyAsync<LogEntry>(cancellationToken, sequences)).ToDictionary(entry => entry.Sequence);
    }

    /// <summary>Entries after a sequence that match a filter, oldest first.</summary>
    public async Task<IReadOnlyList<LogEntry>> ReadAsync(LogFilter filter, long after, int limit, CancellationToken cancellationToken)
    {
        await using var session = store.QuerySession();
        var query = session.Query<LogEntry>().Where(entry => entry.Sequence > after);
        if (filter.Types is { Count: > 0 } types)
        {
            var names = types.ToArray();
            query = query.Where(entry => entry.Type.IsOneOf(names));
        }

        if (filter.WorkspaceId is { } workspace)
        {
            query = query.Where(entry => entry.WorkspaceId == workspace);
        }

        if (filter.Owner is { } owner)
        {
            query = query.Where(entry => entry.Owner == owner);
        }

        if (filter.User is { } user)
        {
            query = query.Where(entry => entry.User == user);
        }

        if (filter.Target is { } target)
        {
            query = query.Where(entry => entry.Target == target);
        }

        if (filter.SessionId is { } sessionId)
        {
            query = query.Where(entry => entry.SessionId == sessionId);
        }

        if (filter.Since is { } since)
        {
            query = query.Where(entry => entry.OccurredAt >= since);
        }

        if (filter.Until is { } until)
        {
            query = query.Where(entry => entry.OccurredAt < until);
        }

        if (filter.Upto is { } upto)
        {
            query = query.Where(entry => entry.Sequence <= upto);
        }

        return await query.OrderBy(entry => entry.Sequence).Take(limit).ToListAsync(cancellationToken);
    }
}

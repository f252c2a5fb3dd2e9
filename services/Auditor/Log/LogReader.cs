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

        if (filter.SessionId is { } sessionId)
        {
            query = query.Where(entry => entry.SessionId == sessionId);
        }

        return await query.OrderBy(entry => entry.Sequence).Take(limit).ToListAsync(cancellationToken);
    }
}

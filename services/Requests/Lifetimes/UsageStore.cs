using Marten;
using Workspaces.Contracts;

namespace Workspaces.Requests.Lifetimes;

/// <summary>Keeps what the Proxy reports about use.</summary>
public sealed class UsageStore(IDocumentStore store)
{
    /// <summary>
    /// Takes in a report. Only the newest time counts, so order and repeats do not matter; several Proxies need not know of each other.
    /// </summary>
    public async Task ReportAsync(WorkspaceActivity activity, CancellationToken cancellationToken)
    {
        var usedAt = activity.OpenSessions > 0 && activity.OccurredAt > activity.LastTrafficAt ? activity.OccurredAt : activity.LastTrafficAt;
        await using var session = store.LightweightSession();
        if (await session.LoadAsync<WorkspaceUsage>(activity.WorkspaceId, cancellationToken) is { } known && known.LastUsedAt >= usedAt)
        {
            return;
        }

        session.Store(new WorkspaceUsage(activity.WorkspaceId, usedAt));
        await session.SaveChangesAsync(cancellationToken);
    }

    /// <summary>When workspaces were last used; those never used are missing.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> FindAsync(IReadOnlyCollection<string> workspaceIds, CancellationToken cancellationToken)
    {
        if (workspaceIds.Count == 0)
        {
            return new Dictionary<string, DateTimeOffset>();
        }

        await using var session = store.QuerySession();
        var found = await session.LoadManyAsync<WorkspaceUsage>(cancellationToken, [.. workspaceIds]);
        return found.ToDictionary(usage => usage.Id, usage => usage.LastUsedAt);
    }
}

using System.Text.Json;
using Marten;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;

namespace Workspaces.Auditor.Views;

/// <summary>
/// Who was in a pod: from the pod to the workspace containers that ran in it (their <c>InstanceUp</c> said where), from those to sessions,
/// and from each session to what it opened.
/// </summary>
internal sealed class PodView(IDocumentStore store, LogReader log)
{
    /// <summary>Of a session with more, the rest is in <c>/v1/events?session=</c>.</summary>
    private const int MostActivities = 200;

    public async Task<PodSessions> SessionsAsync(string ns, string pod, ViewRange range, CancellationToken cancellationToken)
    {
        var name = $"{ns}/{pod}";
        var head = await log.HeadAsync(cancellationToken);
        await using var session = store.QuerySession();
        var instances = (await session.Query<InstanceFacts>().Where(facts => facts.Pod == name).Select(facts => facts.Id).ToListAsync(cancellationToken))
            .Select(id => (Guid?)id).ToArray();
        var query = session.Query<LogEntry>()
            .Where(entry => entry.Type == nameof(SessionOpened) && entry.Sequence > range.After && entry.InstanceId.IsOneOf(instances));
        if (range.Since is { } since)
        {
            query = query.Where(entry => entry.OccurredAt >= since);
        }

        if (range.Until is { } until)
        {
            query = query.Where(entry => entry.OccurredAt < until);
        }

        var opened = await query.OrderBy(entry => entry.Sequence).Take(range.Limit + 1).ToListAsync(cancellationToken);
        var sessions = new List<PodSession>();
        foreach (var entry in opened.Take(range.Limit).Where(entry => entry.SessionId is not null))
        {
            sessions.Add(await SessionOfAsync(entry, cancellationToken));
        }

        return new PodSessions(name, head.First, sessions, sessions.Count == 0 ? range.After : sessions[^1].Sequence, opened.Count > range.Limit);
    }

    private async Task<PodSession> SessionOfAsync(LogEntry entry, CancellationToken cancellationToken)
    {
        var filter = new LogFilter { SessionId = entry.SessionId, Types = [nameof(ChannelOpened)] };
        var channels = await log.ReadAsync(filter, after: 0, MostActivities + 1, cancellationToken);
        var closed = (await log.ReadAsync(filter with { Types = [nameof(SessionClosed)] }, after: 0, limit: 1, cancellationToken)).SingleOrDefault();
        var opening = Read<SessionOpened>(entry);
        return new PodSession
        {
            Sequence = entry.Sequence,
            SessionId = entry.SessionId!.Value,
            User = entry.User,
            KeyFingerprint = opening?.KeyFingerprint,
            ClientAddress = opening?.ClientAddress,
            WorkspaceId = entry.WorkspaceId,
            Owner = entry.Owner,
            Target = entry.Target,
            InstanceId = entry.InstanceId,
            OpenedAt = entry.OccurredAt,
            ClosedAt = closed?.OccurredAt,
            CloseReason = closed is null ? null : Read<SessionClosed>(closed)?.Reason,
            Ran = [.. channels.Take(MostActivities).Select(channel =>
            {
                var ran = Read<ChannelOpened>(channel);
                return new PodActivity(channel.Sequence, channel.OccurredAt, ran?.Kind, ran?.Detail);
            })],
            RanMore = channels.Count > MostActivities,
        };
    }

    /// <summary>What an entry says; null where it was redacted, or comes from a publisher that is newer than this code can read.</summary>
    private static T? Read<T>(LogEntry entry)
        where T : class
    {
        try
        {
            return entry.Message.Length == 0 ? null : JsonSerializer.Deserialize<T>(entry.Message, ContractsJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

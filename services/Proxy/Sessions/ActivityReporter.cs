using Workspaces.Contracts;
using Workspaces.Proxy.Sessions.Spool;
using Workspaces.ServiceDefaults.Bus;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Proxy.Sessions;

/// <summary>
/// Each minute tells how much every workspace with sessions is used, for the clock of idle stop. Not spooled: what is not told now
/// is told in a minute.
/// </summary>
internal sealed partial class ActivityReporter(
    SessionRegistry sessions, IEventPublisher publisher, TimeProvider time, ILogger<ActivityReporter> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Guid _proxy = Guid.NewGuid();
    private Dictionary<Guid, SessionTraffic> _before = [];
    private HashSet<string> _reported = new(StringComparer.Ordinal);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (var activity in Look())
            {
                try
                {
                    await publisher.PublishAsync(activity, stoppingToken);
                }
                catch (EventNotPublishedException e)
                {
                    LogNotPublished(logger, e);
                    break; // the broker is away; the next minute tells the same and more
                }
            }
        }
    }

    /// <summary>What there is to tell. A workspace whose last session ended is told once more, without sessions.</summary>
    internal IReadOnlyList<WorkspaceActivity> Look()
    {
        var now = time.GetUtcNow();
        var open = sessions.All.ToList();
        foreach (var session in open)
        {
            session.LookForTraffic(_before.GetValueOrDefault(session.Id));
        }

        _before = open.ToDictionary(session => session.Id, session => session.Traffic);
        var byWorkspace = open.GroupBy(session => session.Workspace.Id, StringComparer.Ordinal).ToList();
        var activities = byWorkspace.Select(group => Activity(group.Key, group.Count(), group.Max(session => session.LastTrafficAt), now)).ToList();
        activities.AddRange(_reported.Except(byWorkspace.Select(group => group.Key)).Select(id => Activity(id, 0, now, now)));
        _reported = byWorkspace.Select(group => group.Key).ToHashSet(StringComparer.Ordinal);
        return activities;
    }

    private WorkspaceActivity Activity(string workspaceId, int sessions, DateTimeOffset lastTraffic, DateTimeOffset now) => new()
    {
        EventId = EventId.For<WorkspaceActivity>($"{_proxy}/{workspaceId}/{now.UtcTicks}"),
        OccurredAt = now,
        WorkspaceId = workspaceId,
        OpenSessions = sessions,
        LastTrafficAt = lastTraffic,
    };

    [LoggerMessage(1330, LogLevel.Warning, "The activity of workspaces could not be reported; the next report is in a minute.")]
    private static partial void LogNotPublished(ILogger logger, Exception exception);
}

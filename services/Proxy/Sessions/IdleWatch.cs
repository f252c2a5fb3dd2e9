using Workspaces.Proxy.Sessions.Spool;

namespace Workspaces.Proxy.Sessions;

/// <summary>Finds sessions over which nothing passes. Looks at counts of bytes, so that a session pays nothing for being watched.</summary>
internal sealed class IdleWatch(TimeSpan timeout, TimeProvider time)
{
    private Dictionary<Guid, (SessionTraffic Traffic, long Since)> _seen = [];

    /// <summary>Those of the open sessions that have been idle for too long, as far as earlier looks have seen.</summary>
    public IReadOnlyList<Session> Look(IReadOnlyCollection<Session> open)
    {
        var now = time.GetTimestamp();
        _seen = open.ToDictionary(
            session => session.Id,
            session => _seen.TryGetValue(session.Id, out var before) && before.Traffic == session.Traffic ? before : (session.Traffic, now));
        return [.. open.Where(session => time.GetElapsedTime(_seen[session.Id].Since, now) >= timeout)];
    }
}

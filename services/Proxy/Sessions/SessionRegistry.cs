using System.Collections.Concurrent;
using Workspaces.Contracts;
using Workspaces.Proxy.Routing;
using Workspaces.Proxy.Sessions.Spool;

namespace Workspaces.Proxy.Sessions;

/// <summary>The sessions that are open now. Opening and closing one is recorded in the spool.</summary>
public sealed class SessionRegistry(AuditSpool spool, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, Session> _sessions = new();

    /// <summary>All open sessions.</summary>
    public ICollection<Session> All => _sessions.Values;

    /// <summary>How many sessions a user has open.</summary>
    public int CountOf(string user) => _sessions.Values.Count(session => session.Facts.User == user);

    /// <summary>Opens a session, which counts as open from here on.</summary>
    /// <exception cref="IOException">It could not be recorded, so it is not opened.</exception>
    public Session Open(SessionFacts facts, Workspace workspace, InstanceRoute route)
    {
        var session = new Session(facts, workspace, route, time);
        spool.Append(session.Opened());
        _sessions[session.Id] = session;
        return session;
    }

    /// <summary>Closes a session.</summary>
    /// <exception cref="IOException">It could not be recorded; the next start of the Proxy will report it as lost.</exception>
    public void Close(Session session, SessionCloseReason reason)
    {
        if (_sessions.TryRemove(session.Id, out _))
        {
            spool.Append(session.Closed(session.EndedBecause ?? reason));
        }
    }
}

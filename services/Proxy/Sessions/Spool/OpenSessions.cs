using Workspaces.Contracts;

namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>
/// The sessions that are open according to the lines of the spool, in order: kept up while writing, made again from the files
/// after a crash. Not safe for concurrent use.
/// </summary>
internal sealed class OpenSessions
{
    private readonly Dictionary<Guid, OpenSession> _open = [];

    /// <summary>When the last line was written: the last time that the process is known to have lived.</summary>
    public DateTimeOffset LastSignOfLife { get; private set; }

    /// <summary>The sessions.</summary>
    public IReadOnlyList<OpenSession> All => [.. _open.Values];

    /// <summary>Takes in a line.</summary>
    public void Apply(SpoolLine line, IWorkspaceEvent? fact)
    {
        LastSignOfLife = line.At > LastSignOfLife ? line.At : LastSignOfLife;

        if (line.Open is { } all)
        {
            _open.Clear();
            foreach (var session in all)
            {
                _open[session.Opened.SessionId] = session;
            }
        }

        foreach (var traffic in line.Traffic ?? [])
        {
            if (_open.TryGetValue(traffic.SessionId, out var session))
            {
                _open[traffic.SessionId] = session with
                {
                    BytesFromClient = traffic.BytesFromClient,
                    BytesFromInstance = traffic.BytesFromInstance,
                };
            }
        }

        switch (fact)
        {
            case SessionOpened opened:
                _open[opened.SessionId] = new OpenSession(opened, 0, 0);
                break;

            case SessionClosed closed:
                _open.Remove(closed.SessionId);
                break;
        }
    }

    /// <summary>The end of a session that a crash ended: at the last sign of life, with the bytes that were last written down.</summary>
    public SessionClosed Lost(OpenSession session)
    {
        var opened = session.Opened;
        var end = LastSignOfLife > opened.OccurredAt ? LastSignOfLife : opened.OccurredAt;
        return new SessionClosed
        {
            EventId = Contracts.EventId.For<SessionClosed>(opened.SessionId.ToString()),
            OccurredAt = end,
            WorkspaceId = opened.WorkspaceId,
            Generation = opened.Generation,
            SessionId = opened.SessionId,
            InstanceId = opened.InstanceId,
            User = opened.User,
            Duration = end - opened.OccurredAt,
            BytesFromClient = session.BytesFromClient,
            BytesFromInstance = session.BytesFromInstance,
            Reason = SessionCloseReason.ProxyLost,
        };
    }
}

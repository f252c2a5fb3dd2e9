using Workspaces.Contracts;
using Workspaces.Proxy.Authenticating;
using Workspaces.Proxy.Routing;
using Workspaces.Proxy.Sessions.Spool;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Proxy.Sessions;

/// <summary>
/// One user's SSH connection to one instance, from login to end: what it is, how much it has moved, and how to end it from
/// outside. The bytes themselves are the relay's.
/// </summary>
public sealed class Session
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly long _began;
    private Action<string>? _stop;
    private (SessionCloseReason Reason, string Sentence)? _ending;
    private Func<(long FromClient, long FromInstance)> _bytes = () => (0, 0);
    private long _channels;

    internal Session(SessionFacts facts, Workspace workspace, InstanceRoute route, TimeProvider time)
    {
        Facts = facts;
        Workspace = workspace;
        Route = route;
        _time = time;
        _began = time.GetTimestamp();
        OpenedAt = time.GetUtcNow();
        LastTrafficAt = OpenedAt;
    }

    /// <summary>Identity of the session.</summary>
    public Guid Id => Facts.Id;

    /// <summary>Who, from where.</summary>
    public SessionFacts Facts { get; }

    /// <summary>The workspace, as it was at login.</summary>
    public Workspace Workspace { get; }

    /// <summary>The instance.</summary>
    public InstanceRoute Route { get; }

    /// <summary>When it was opened.</summary>
    public DateTimeOffset OpenedAt { get; }

    /// <summary>When bytes last passed, as far as <see cref="LookForTraffic"/> has seen.</summary>
    public DateTimeOffset LastTrafficAt { get; private set; }

    /// <summary>Bytes moved so far.</summary>
    public SessionTraffic Traffic
    {
        get
        {
            var (fromClient, fromInstance) = _bytes();
            return new SessionTraffic(Id, fromClient, fromInstance);
        }
    }

    /// <summary>Why it was ended from outside, if it was.</summary>
    public SessionCloseReason? EndedBecause
    {
        get
        {
            lock (_lock)
            {
                return _ending?.Reason;
            }
        }
    }

    /// <summary>Connects the session with what carries it.</summary>
    /// <param name="stop">Ends it; the person reads the sentence.</param>
    /// <param name="bytes">Bytes moved so far, from the client and from the instance.</param>
    public void Carry(Action<string> stop, Func<(long FromClient, long FromInstance)> bytes)
    {
        lock (_lock)
        {
            _bytes = bytes;
            _stop = stop;
            if (_ending is { } ending)
            {
                stop(ending.Sentence);
            }
        }
    }

    /// <summary>Ends it; the person reads the sentence. Only the first end counts.</summary>
    public void End(SessionCloseReason reason, string sentence)
    {
        lock (_lock)
        {
            if (_ending is null)
            {
                _ending = (reason, sentence);
                _stop?.Invoke(sentence);
            }
        }
    }

    /// <summary>Notes whether bytes have passed since <paramref name="before"/>.</summary>
    internal void LookForTraffic(SessionTraffic? before)
    {
        if (before != Traffic)
        {
            LastTrafficAt = _time.GetUtcNow();
        }
    }

    internal SessionOpened Opened() => new()
    {
        EventId = EventId.For<SessionOpened>(Id.ToString()),
        OccurredAt = OpenedAt,
        WorkspaceId = Workspace.Id,
        Generation = Workspace.Status.Generation,
        SessionId = Id,
        InstanceId = Route.Id,
        User = Facts.User,
        KeyFingerprint = Facts.Credential.Fingerprint,
        ClientAddress = Facts.ClientAddress,
        ClientVersion = Facts.ClientVersion,
    };

    internal ChannelOpened ChannelOpened(ChannelKind kind, string? detail) => new()
    {
        EventId = EventId.For<ChannelOpened>($"{Id}/{Interlocked.Increment(ref _channels)}"),
        OccurredAt = _time.GetUtcNow(),
        WorkspaceId = Workspace.Id,
        Generation = Workspace.Status.Generation,
        SessionId = Id,
        User = Facts.User,
        Kind = kind,
        Detail = detail ?? "",
    };

    internal SessionClosed Closed(SessionCloseReason reason)
    {
        var traffic = Traffic;
        var duration = _time.GetElapsedTime(_began);
        return new SessionClosed
        {
            EventId = EventId.For<SessionClosed>(Id.ToString()),
            OccurredAt = OpenedAt + duration,
            WorkspaceId = Workspace.Id,
            Generation = Workspace.Status.Generation,
            SessionId = Id,
            InstanceId = Route.Id,
            User = Facts.User,
            Duration = duration,
            BytesFromClient = traffic.BytesFromClient,
            BytesFromInstance = traffic.BytesFromInstance,
            Reason = reason,
        };
    }
}

/// <summary>Who logged in, and from where.</summary>
/// <param name="Id">Identity of the session.</param>
/// <param name="User">Whose key it was.</param>
/// <param name="Credential">The key that logged in.</param>
/// <param name="ClientAddress">IP address and port of the client.</param>
/// <param name="ClientVersion">The client's identification, without control characters.</param>
public sealed record SessionFacts(Guid Id, string User, Credential Credential, string ClientAddress, string ClientVersion);

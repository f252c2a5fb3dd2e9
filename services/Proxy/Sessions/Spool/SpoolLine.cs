using System.Text.Json;
using Workspaces.Contracts;

namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>One line of the spool, as JSON. Exactly one of the three parts is there.</summary>
internal sealed record SpoolLine
{
    /// <summary>When the line was written.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Name of the event's type.</summary>
    public string? Type { get; init; }

    /// <summary>An event for the broker.</summary>
    public JsonElement? Event { get; init; }

    /// <summary>First line of a segment: all sessions that are open, so that older segments are not needed to know them.</summary>
    public IReadOnlyList<OpenSession>? Open { get; init; }

    /// <summary>Bytes that sessions have moved so far.</summary>
    public IReadOnlyList<SessionTraffic>? Traffic { get; init; }
}

/// <summary>A session that is open, as far as closing it after a crash goes.</summary>
internal sealed record OpenSession(SessionOpened Opened, long BytesFromClient, long BytesFromInstance);

/// <summary>How many bytes of channel data a session has moved.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="BytesFromClient">Bytes that the client sent.</param>
/// <param name="BytesFromInstance">Bytes that the instance sent.</param>
public sealed record SessionTraffic(Guid SessionId, long BytesFromClient, long BytesFromInstance);

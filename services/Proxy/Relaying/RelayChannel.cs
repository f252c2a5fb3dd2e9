namespace Workspaces.Proxy.Relaying;

/// <summary>A channel and the numbers that both sides gave it (RFC 4254 section 5).</summary>
internal sealed class RelayChannel
{
    /// <summary>The side that opened it.</summary>
    public required RelaySide Opener { get; init; }

    /// <summary>The opener's number.</summary>
    public required uint OpenerNumber { get; init; }

    /// <summary>The other side's number, once it has confirmed.</summary>
    public uint? AcceptorNumber { get; set; }

    public bool ClosedByOpener { get; set; }

    public bool ClosedByAcceptor { get; set; }

    /// <summary>The client's requests that wait for a reply.</summary>
    public Queue<PendingRequest> Requests { get; } = new();

    public uint? NumberOf(RelaySide side) => side == Opener ? OpenerNumber : AcceptorNumber;
}

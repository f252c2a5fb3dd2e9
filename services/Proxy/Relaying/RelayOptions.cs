namespace Workspaces.Proxy.Relaying;

/// <summary>Limits and policy of one relay.</summary>
public sealed record RelayOptions
{
    /// <summary>What the session may be used for.</summary>
    public RelayPolicy Policy { get; init; } = RelayPolicy.AllowAll;

    /// <summary>Channels open at a time; more are refused.</summary>
    public int MaxChannels { get; init; } = 1000;

    /// <summary>Requests of one side that wait for a reply, on one channel or for the connection; more end the session.</summary>
    public int MaxPendingRequests { get; init; } = 4096;

    /// <summary>Largest channel packet that either side is told it may send (RFC 4254 section 5.1): what fits in a packet of the transport.</summary>
    public uint MaxChannelPacket { get; init; } = (256 * 1024) - 1024;

    /// <summary>What the person is told when the connection to the instance is lost without a word.</summary>
    public Func<string> InstanceLost { get; init; } = () => "The connection to the workspace was lost. Connect again in a moment.";
}

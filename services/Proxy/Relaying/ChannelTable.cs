using Workspaces.Ssh;

namespace Workspaces.Proxy.Relaying;

/// <summary>The channels of a session by the numbers of both sides.</summary>
internal sealed class ChannelTable
{
    private readonly Dictionary<uint, RelayChannel> _byClientNumber = [];
    private readonly Dictionary<uint, RelayChannel> _byInstanceNumber = [];

    /// <summary>Open channels and those being opened.</summary>
    public int Count { get; private set; }

    /// <summary>A side asks to open a channel under its number.</summary>
    public void Open(RelaySide opener, uint number)
    {
        if (!Numbers(opener).TryAdd(number, new RelayChannel { Opener = opener, OpenerNumber = number }))
        {
            throw new SshFormatException($"Channel {number} is opened twice.");
        }

        Count++;
    }

    /// <summary>A side confirms the other's channel and gives it a number of its own.</summary>
    public void Confirm(RelaySide acceptor, uint openerNumber, uint acceptorNumber)
    {
        var channel = Opening(acceptor, openerNumber);
        channel.AcceptorNumber = acceptorNumber;
        if (!Numbers(acceptor).TryAdd(acceptorNumber, channel))
        {
            throw new SshFormatException($"Channel {acceptorNumber} is confirmed twice.");
        }
    }

    /// <summary>A side refuses the other's channel.</summary>
    public void Refuse(RelaySide acceptor, uint openerNumber)
    {
        var channel = Opening(acceptor, openerNumber);
        Numbers(channel.Opener).Remove(openerNumber);
        Count--;
    }

    /// <summary>The open channel that a message of <paramref name="sender"/> names by the other side's number; null where there is none.</summary>
    public RelayChannel? FindForMessage(RelaySide sender, uint recipientNumber) =>
        Numbers(Other(sender)).GetValueOrDefault(recipientNumber) is { AcceptorNumber: not null } channel ? channel : null;

    /// <summary>A side closes a channel; it is gone when both have (RFC 4254 section 5.3).</summary>
    public void Close(RelaySide sender, RelayChannel channel)
    {
        channel.ClosedByOpener |= sender == channel.Opener;
        channel.ClosedByAcceptor |= sender != channel.Opener;
        if (channel is { ClosedByOpener: true, ClosedByAcceptor: true, AcceptorNumber: { } acceptorNumber })
        {
            Numbers(channel.Opener).Remove(channel.OpenerNumber);
            Numbers(Other(channel.Opener)).Remove(acceptorNumber);
            Count--;
        }
    }

    public static RelaySide Other(RelaySide side) => side == RelaySide.Client ? RelaySide.Instance : RelaySide.Client;

    private RelayChannel Opening(RelaySide acceptor, uint openerNumber) =>
        Numbers(Other(acceptor)).GetValueOrDefault(openerNumber) is { AcceptorNumber: null } channel && channel.Opener != acceptor
            ? channel
            : throw new SshFormatException($"Channel {openerNumber} is not being opened.");

    private Dictionary<uint, RelayChannel> Numbers(RelaySide side) => side == RelaySide.Client ? _byClientNumber : _byInstanceNumber;
}

using System.Buffers.Binary;
using System.Text;
using Workspaces.Ssh;
using Workspaces.Ssh.Wire;

namespace Workspaces.Proxy.Relaying;

/// <summary>
/// Looks at what both sides say in the connection protocol (RFC 4254) and decides what goes on. It knows which channels are open, which
/// requests wait for a reply, and what the instance may open; it never looks at data.
/// </summary>
/// <remarks>Both directions call it, each from its own task. Malformed messages throw <see cref="SshFormatException"/>.</remarks>
internal sealed class RelayInspector(RelayOptions options, ObserverQueue observer)
{
    private const int MaxDetail = 4096;

    private readonly Lock _lock = new();
    private readonly ChannelTable _channels = new();
    private readonly ForwardGrants _grants = new();
    private readonly GlobalRequests _clientRequests = new(options.MaxPendingRequests);
    private readonly GlobalRequests _instanceRequests = new(options.MaxPendingRequests);
    private readonly ClientRequests _rules = new(options.Policy);

    /// <summary>Data, window adjustments and EOF pass unseen: they are the bulk, and there is nothing to decide about them.</summary>
    public static bool MustLookAt(byte messageNumber) =>
        messageNumber is not (>= MessageNumber.ChannelWindowAdjust and <= MessageNumber.ChannelEof);

    /// <summary>What becomes of a message.</summary>
    public RelayVerdict Inspect(RelaySide sender, ReadOnlyMemory<byte> message)
    {
        lock (_lock)
        {
            return message.Span[0] switch
            {
                MessageNumber.GlobalRequest when sender == RelaySide.Client => GlobalRequestOfClient(message),
                MessageNumber.GlobalRequest => GlobalRequestOfInstance(message),
                MessageNumber.RequestSuccess or MessageNumber.RequestFailure => GlobalReply(sender, message),
                MessageNumber.ChannelOpen => Open(sender, message),
                MessageNumber.ChannelOpenConfirmation => Confirm(sender, message),
                MessageNumber.ChannelOpenFailure => OpenFailure(sender, message),
                MessageNumber.ChannelClose => Close(sender, message),
                MessageNumber.ChannelRequest when sender == RelaySide.Client => ChannelRequestOfClient(message),
                MessageNumber.ChannelSuccess or MessageNumber.ChannelFailure when sender == RelaySide.Instance => ChannelReplyOfInstance(message),
                _ => RelayVerdict.Relay(message),
            };
        }
    }

    /// <summary>A global reply of <paramref name="replier"/> has left: how many failures the relay owes the asking side now.</summary>
    public int AfterGlobalReply(RelaySide replier)
    {
        lock (_lock)
        {
            return RequestsAnsweredBy(replier).Complete();
        }
    }

    private RelayVerdict GlobalRequestOfClient(ReadOnlyMemory<byte> message)
    {
        var reader = new SshReader(message.Span[1..]);
        var type = reader.ReadString();
        var wantReply = reader.ReadBoolean();
        var (allowed, pending) = _rules.Global(type, ref reader);
        if (!allowed)
        {
            if (!wantReply)
            {
                return RelayVerdict.Drop;
            }

            _clientRequests.Add(new PendingRequest(PendingKind.Refused));
            return RelayVerdict.Relay(RelayMessages.RefusedGlobalRequest());
        }

        if (pending.Kind is PendingKind.AddListener or PendingKind.AddListenerOnGivenPort && _grants.Listeners >= options.MaxChannels)
        {
            throw new RelayStoppedException("This session listens on too many ports.");
        }

        if (wantReply)
        {
            _clientRequests.Add(pending);
        }
        else
        {
            // Nobody will say whether it succeeded; the client cannot know more than the relay.
            Apply(pending, default);
        }

        return RelayVerdict.Relay(message);
    }

    /// <summary>Keepalives pass; the instance's host keys are not the Proxy's, and anything else is not for the client's ears.</summary>
    private RelayVerdict GlobalRequestOfInstance(ReadOnlyMemory<byte> message)
    {
        var reader = new SshReader(message.Span[1..]);
        var isKeepAlive = reader.ReadString().SequenceEqual("keepalive@openssh.com"u8);
        var wantReply = reader.ReadBoolean();
        if (isKeepAlive)
        {
            if (wantReply)
            {
                _instanceRequests.Add(new PendingRequest(PendingKind.Relayed));
            }

            return RelayVerdict.Relay(message);
        }

        return wantReply && _instanceRequests.RefuseNow() ? RelayVerdict.Answer(RelayMessages.GlobalFailure) : RelayVerdict.Drop;
    }

    private RelayVerdict GlobalReply(RelaySide replier, ReadOnlyMemory<byte> message)
    {
        var request = RequestsAnsweredBy(replier).Next();
        if (request.Kind == PendingKind.Refused)
        {
            return RelayVerdict.Relay(RelayMessages.GlobalFailure);
        }

        if (message.Span[0] == MessageNumber.RequestSuccess)
        {
            Apply(request, message.Span[1..]);
        }

        return RelayVerdict.Relay(message);
    }

    private RelayVerdict Open(RelaySide sender, ReadOnlyMemory<byte> message)
    {
        var reader = new SshReader(message.Span[1..]);
        var type = reader.ReadString();
        var number = reader.ReadUInt32();
        reader.ReadUInt32(); // window
        var packetOffset = message.Length - reader.Remaining.Length;
        var maxPacket = reader.ReadUInt32();
        var allowed = sender == RelaySide.Client ? OpenOfClient(type, ref reader) : OpenOfInstance(type, ref reader);
        if (!allowed)
        {
            return RelayVerdict.Answer(RelayMessages.OpenProhibited(number));
        }

        if (_channels.Count >= options.MaxChannels)
        {
            return RelayVerdict.Answer(RelayMessages.OpenShortage(number));
        }

        _channels.Open(sender, number);
        return RelayVerdict.Relay(Clamped(message, packetOffset, maxPacket));
    }

    private bool OpenOfClient(ReadOnlySpan<byte> type, ref SshReader rest)
    {
        var (allowed, observed) = _rules.Open(type, ref rest);
        if (allowed && observed is { } seen)
        {
            observer.Post(seen.Kind, seen.Detail);
        }

        return allowed;
    }

    private bool OpenOfInstance(ReadOnlySpan<byte> type, ref SshReader rest)
    {
        if (type.SequenceEqual("forwarded-tcpip"u8))
        {
            rest.ReadString(); // the address that was connected to: sshd may name it otherwise than the client did
            return _grants.Has(ForwardGrants.Port(rest.ReadUInt32()));
        }

        if (type.SequenceEqual("forwarded-streamlocal@openssh.com"u8))
        {
            return _grants.Has(ForwardGrants.Path(Text(rest.ReadString())));
        }

        return type.SequenceEqual("auth-agent@openssh.com"u8) ? _grants.Agent : type.SequenceEqual("x11"u8) && _grants.X11;
    }

    private RelayVerdict Confirm(RelaySide sender, ReadOnlyMemory<byte> message)
    {
        var reader = new SshReader(message.Span[1..]);
        var opener = reader.ReadUInt32();
        var acceptor = reader.ReadUInt32();
        reader.ReadUInt32(); // window
        var packetOffset = message.Length - reader.Remaining.Length;
        var maxPacket = reader.ReadUInt32();
        _channels.Confirm(sender, opener, acceptor);
        return RelayVerdict.Relay(Clamped(message, packetOffset, maxPacket));
    }

    private RelayVerdict OpenFailure(RelaySide sender, ReadOnlyMemory<byte> message)
    {
        var reader = new SshReader(message.Span[1..]);
        _channels.Refuse(sender, reader.ReadUInt32());
        return RelayVerdict.Relay(message);
    }

    private RelayVerdict Close(RelaySide sender, ReadOnlyMemory<byte> message)
    {
        if (FindChannel(sender, message) is { } channel)
        {
            _channels.Close(sender, channel);
        }

        return RelayVerdict.Relay(message);
    }

    private RelayVerdict ChannelRequestOfClient(ReadOnlyMemory<byte> message)
    {
        var reader = new SshReader(message.Span[1..]);
        var recipient = reader.ReadUInt32();
        var type = reader.ReadString();
        var wantReply = reader.ReadBoolean();
        if (_channels.FindForMessage(RelaySide.Client, recipient) is not { } channel)
        {
            throw new SshFormatException($"A request names channel {recipient}, which is not open.");
        }

        var (allowed, pending) = _rules.Channel(type, ref reader);
        if (!allowed && !wantReply)
        {
            return ClientRequests.RunsSomething(type)
                ? throw new RelayStoppedException("This session may not run commands.")
                : RelayVerdict.Drop;
        }

        if (allowed && pending.Observed is { } seen)
        {
            // Seen when asked for, not again when it succeeds.
            observer.Post(seen.Kind, seen.Detail);
            pending = pending with { Observed = null };
        }

        if (!wantReply)
        {
            Apply(pending, default);
            return RelayVerdict.Relay(message);
        }

        if (channel.Requests.Count >= options.MaxPendingRequests)
        {
            throw new SshFormatException($"More than {options.MaxPendingRequests} requests wait for a reply on a channel.");
        }

        channel.Requests.Enqueue(allowed ? pending : new PendingRequest(PendingKind.Refused));
        return RelayVerdict.Relay(allowed ? message : RelayMessages.RefusedChannelRequest(recipient));
    }

    private RelayVerdict ChannelReplyOfInstance(ReadOnlyMemory<byte> message)
    {
        if (FindChannel(RelaySide.Instance, message) is not { } channel || !channel.Requests.TryDequeue(out var request))
        {
            throw new SshFormatException("A reply came to a channel request that nobody made.");
        }

        if (request.Kind == PendingKind.Refused)
        {
            return RelayVerdict.Relay(RelayMessages.ChannelFailure(channel.NumberOf(RelaySide.Client)!.Value));
        }

        if (message.Span[0] == MessageNumber.ChannelSuccess)
        {
            Apply(request, default);
        }

        return RelayVerdict.Relay(message);
    }

    /// <summary>A request has succeeded.</summary>
    private void Apply(PendingRequest request, ReadOnlySpan<byte> reply)
    {
        switch (request.Kind)
        {
            case PendingKind.AddListener:
                _grants.Add(request.Detail!);
                break;
            case PendingKind.AddListenerOnGivenPort when reply.Length == sizeof(uint):
                _grants.Add(ForwardGrants.Port(BinaryPrimitives.ReadUInt32BigEndian(reply)));
                break;
            case PendingKind.RemoveListener:
                _grants.Remove(request.Detail!);
                break;
            case PendingKind.Agent:
                _grants.Agent = true;
                break;
            case PendingKind.X11:
                _grants.X11 = true;
                break;
        }

        if (request.Observed is { } seen)
        {
            observer.Post(seen.Kind, seen.Detail);
        }
    }

    private RelayChannel? FindChannel(RelaySide sender, ReadOnlyMemory<byte> message)
    {
        var reader = new SshReader(message.Span[1..]);
        return _channels.FindForMessage(sender, reader.ReadUInt32());
    }

    private GlobalRequests RequestsAnsweredBy(RelaySide replier) => replier == RelaySide.Instance ? _clientRequests : _instanceRequests;

    /// <summary>The packet size only ever shrinks: neither side may be told that it can send more than the relay takes.</summary>
    private ReadOnlyMemory<byte> Clamped(ReadOnlyMemory<byte> message, int offset, uint maxPacket)
    {
        if (maxPacket <= options.MaxChannelPacket)
        {
            return message;
        }

        var copy = message.ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(copy.AsSpan(offset), options.MaxChannelPacket);
        return copy;
    }

    /// <summary>Text of a peer for people: any encoding, no control characters, not endless.</summary>
    internal static string Text(ReadOnlySpan<byte> bytes) =>
        Workspaces.Ssh.Wire.PlainText.WithoutControls(Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, MaxDetail)]));
}

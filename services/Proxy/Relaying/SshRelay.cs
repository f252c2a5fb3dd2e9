using Workspaces.Ssh;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;

namespace Workspaces.Proxy.Relaying;

/// <summary>
/// Passes the connection protocol (RFC 4254) between a client and an instance, both logged in: messages go on as they are, each way.
/// Transport messages and keys belong to each connection; windows and channels stay end to end.
/// </summary>
/// <remarks>One use. It reads from both connections until it ends, ends both, and leaves disposing them to the caller.</remarks>
public sealed class SshRelay
{
    private readonly SshConnection _client;
    private readonly SshConnection _instance;
    private readonly RelayOptions _options;
    private readonly ObserverQueue _observer;
    private readonly RelayInspector _inspector;
    private long _bytesFromClient;
    private long _bytesFromInstance;
    private readonly TaskCompletionSource<string> _stop = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public SshRelay(SshConnection client, SshConnection instance, RelayOptions options, IRelayObserver observer, ILogger logger)
    {
        _client = client;
        _instance = instance;
        _options = options;
        _observer = new ObserverQueue(observer, logger);
        _inspector = new RelayInspector(options, _observer);
        var turn = new RekeyTurn();
        client.ShareRekeyTurn(turn);
        instance.ShareRekeyTurn(turn);
    }

    /// <summary>Channel data that the client has sent, in bytes; readable while the relay runs.</summary>
    public long BytesFromClient => Volatile.Read(ref _bytesFromClient);

    /// <summary>Channel data that the instance has sent, in bytes; readable while the relay runs.</summary>
    public long BytesFromInstance => Volatile.Read(ref _bytesFromInstance);

    /// <summary>Ends the session; the person reads the message.</summary>
    public void Stop(string message) => _stop.TrySetResult(message);

    /// <summary>Relays until one side leaves or <see cref="Stop"/>. Both connections have ended when it returns; it does not throw for what peers do.</summary>
    public async Task<RelayEnd> RunAsync()
    {
        var toInstance = PumpAsync(RelaySide.Client, _client, _instance);
        var toClient = PumpAsync(RelaySide.Instance, _instance, _client);
        await Task.WhenAny(toInstance, toClient, _stop.Task);
        var end = await CauseAsync(toInstance, toClient);

        // The client reads why; the instance's sshd only needs to know that it is over.
        await Task.WhenAll(
            _client.DisconnectAsync(ReasonFor(end?.Cause), end?.Message ?? "Internal error."),
            _instance.DisconnectAsync(DisconnectReason.ByApplication, "The session has ended."));
        var pumps = await Task.WhenAll(toInstance, toClient);
        await _observer.CompleteAsync();
        return end ?? throw new InvalidOperationException("A relay failed.", pumps.First(pump => Describe(pump) is null).Exception);
    }

    private static DisconnectReason ReasonFor(RelayEndCause? cause) =>
        cause is RelayEndCause.ClientViolation ? DisconnectReason.ProtocolError : DisconnectReason.ByApplication;

    /// <summary>
    /// A side that left is noticed twice: by the pump that reads from it, which knows why, and by the pump that writes to it. So where a
    /// write failed first, the reading pump of the same side is waited for.
    /// </summary>
    private async Task<RelayEnd?> CauseAsync(Task<PumpEnd> toInstance, Task<PumpEnd> toClient)
    {
        if (_stop.Task.IsCompleted)
        {
            return new RelayEnd(RelayEndCause.Stopped, await _stop.Task, null);
        }

        var first = toInstance.IsCompleted ? await toInstance : await toClient;
        if (first.WhileWriting)
        {
            var reader = first.Side == RelaySide.Client ? toInstance : toClient;
            first = await reader;
        }

        return Describe(first);
    }

    /// <summary>Null for a failure that is not the peers', but the Proxy's own.</summary>
    private RelayEnd? Describe(PumpEnd end) => (end.Side, end.Exception) switch
    {
        (_, RelayStoppedException e) => new(RelayEndCause.Stopped, e.Message, null),
        (RelaySide.Client, SshDisconnectedException e) => new(RelayEndCause.ClientLeft, e.Message, e),
        (RelaySide.Client, SshException e) => new(RelayEndCause.ClientViolation, e.Message, e),
        (_, SshDisconnectedException { Reason: DisconnectReason.ConnectionLost } e) => new(RelayEndCause.InstanceLeft, _options.InstanceLost(), e),
        (_, SshDisconnectedException e) => new(RelayEndCause.InstanceLeft, $"The workspace ended the session: {e.Message}", e),
        (_, SshException e) => new(RelayEndCause.InstanceViolation, "The workspace's SSH server broke the protocol; the session was ended.", e),
        _ => null,
    };

    /// <summary>
    /// One direction: 1. read a message, and where none is there yet send off what was passed on, so that a burst leaves together;
    /// 2. decide; 3. pass it on. A slow receiver stops the reading, and with it the sender. Nothing is allocated for data.
    /// </summary>
    private async Task<PumpEnd> PumpAsync(RelaySide from, SshConnection source, SshConnection destination)
    {
        await Task.Yield();
        var writing = false;
        try
        {
            while (true)
            {
                // 1.
                var reading = source.ReadPacketAsync(CancellationToken.None);
                if (!reading.IsCompleted)
                {
                    writing = true;
                    await destination.FlushAsync(CancellationToken.None);
                }

                writing = false;
                var packet = await reading;
                var number = packet.MessageNumber;
                if (!MessageNumber.IsConnectionProtocol(number))
                {
                    await source.ReplyUnimplementedAsync(CancellationToken.None);
                    continue;
                }

                // 2.
                var message = packet.Payload;
                if (RelayInspector.MustLookAt(number))
                {
                    var verdict = _inspector.Inspect(from, message);
                    if (verdict.Action == RelayAction.Answer)
                    {
                        await source.ReplyAsync(verdict.Message, CancellationToken.None);
                    }

                    if (verdict.Action != RelayAction.Relay)
                    {
                        continue;
                    }

                    message = verdict.Message;
                }

                // 3.
                CountData(from, number, message.Length);
                writing = true;
                await destination.WritePacketAsync(message, flush: false, CancellationToken.None);
                if (number is MessageNumber.RequestSuccess or MessageNumber.RequestFailure)
                {
                    await PayOwnFailuresAsync(from, destination);
                }
            }
        }
        catch (Exception e)
        {
            // Whatever it is, the session ends, and the caller of RunAsync hears of it.
            return new PumpEnd(writing ? ChannelTable.Other(from) : from, writing, e);
        }
    }

    /// <summary>Only the pump of a side writes its count. Before the data are number, channel and length (RFC 4254 section 5.2), and its type in extended data.</summary>
    private void CountData(RelaySide from, byte number, int length)
    {
        var header = number switch
        {
            MessageNumber.ChannelData => 9,
            MessageNumber.ChannelExtendedData => 13,
            _ => length,
        };
        ref var count = ref from == RelaySide.Client ? ref _bytesFromClient : ref _bytesFromInstance;
        Volatile.Write(ref count, count + Math.Max(0, length - header));
    }

    private async ValueTask PayOwnFailuresAsync(RelaySide replier, SshConnection destination)
    {
        for (var owed = _inspector.AfterGlobalReply(replier); owed > 0; owed--)
        {
            await destination.WritePacketAsync(RelayMessages.GlobalFailure, flush: false, CancellationToken.None);
        }
    }

    /// <summary>How one direction ended: which side's connection failed, and whether it was found by writing to it.</summary>
    private sealed record PumpEnd(RelaySide Side, bool WhileWriting, Exception Exception);
}

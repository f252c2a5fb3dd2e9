using Microsoft.Extensions.Logging.Abstractions;
using Workspaces.Contracts;
using Workspaces.Proxy.Relaying;
using Workspaces.Ssh;
using Workspaces.Ssh.Wire;
using Xunit;

namespace Workspaces.Proxy.Tests.Relaying;

/// <summary>What peers that mean harm get from the relay: an instance that wants at the person's agent, a client that wants around a policy.</summary>
public sealed class HostilePeerTests
{
    private readonly RelayInspector _open = Inspector(RelayPolicy.AllowAll);

    [Theory]
    [InlineData("auth-agent@openssh.com")]
    [InlineData("x11")]
    [InlineData("forwarded-tcpip")]
    [InlineData("forwarded-streamlocal@openssh.com")]
    [InlineData("session")]
    [InlineData("direct-tcpip")]
    [InlineData("tun@openssh.com")]
    [InlineData("invented@example.com")]
    public void Open_ByAnInstanceThatWasNotAsked_IsRefusedAndTheClientHearsNothing(string type)
    {
        var verdict = _open.Inspect(RelaySide.Instance, Open(type, 0));

        Assert.Equal(RelayAction.Answer, verdict.Action);
        Assert.Equal(MessageNumber.ChannelOpenFailure, verdict.Message.Span[0]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Open_OfAnAgentChannel_NeedsARequestThatSucceeded(bool succeeded)
    {
        OpenSession(_open);
        Assert.Equal(RelayAction.Relay, _open.Inspect(RelaySide.Client, Request("auth-agent-req@openssh.com", wantReply: true)).Action);
        Assert.Equal(RelayAction.Answer, _open.Inspect(RelaySide.Instance, Open("auth-agent@openssh.com", 5)).Action); // not before it is answered
        _open.Inspect(RelaySide.Instance, ToChannel(succeeded ? MessageNumber.ChannelSuccess : MessageNumber.ChannelFailure));

        Assert.Equal(
            succeeded ? RelayAction.Relay : RelayAction.Answer, _open.Inspect(RelaySide.Instance, Open("auth-agent@openssh.com", 6)).Action);
    }

    [Fact]
    public void Open_OfAForwardedPort_NeedsThatVeryPort()
    {
        _open.Inspect(RelaySide.Client, Global("tcpip-forward", wantReply: true, ("127.0.0.1", 8080)));
        _open.Inspect(RelaySide.Instance, new[] { MessageNumber.RequestSuccess });

        Assert.Equal(RelayAction.Answer, _open.Inspect(RelaySide.Instance, Open("forwarded-tcpip", 1, ("127.0.0.1", 8081))).Action);
        Assert.Equal(RelayAction.Relay, _open.Inspect(RelaySide.Instance, Open("forwarded-tcpip", 2, ("127.0.0.1", 8080))).Action);
    }

    [Fact]
    public void HostKeys_OfAnInstance_DoNotReachTheClient() =>
        Assert.Equal(RelayAction.Drop, _open.Inspect(RelaySide.Instance, Global("hostkeys-00@openssh.com", wantReply: false)).Action);

    [Fact]
    public void GlobalRequests_OfAnInstance_AreAnsweredInTheirTurn()
    {
        Assert.Equal(RelayAction.Relay, _open.Inspect(RelaySide.Instance, Global("keepalive@openssh.com", wantReply: true)).Action);

        // Behind the keepalive, whose answer is still to come: nothing may overtake it.
        Assert.Equal(RelayAction.Drop, _open.Inspect(RelaySide.Instance, Global("invented@example.com", wantReply: true)).Action);
        Assert.Equal(RelayAction.Relay, _open.Inspect(RelaySide.Client, new[] { MessageNumber.RequestFailure }).Action);
        Assert.Equal(1, _open.AfterGlobalReply(RelaySide.Client));
    }

    [Fact]
    public void Floods_OfRequestsThatWantReplies_EndTheSession()
    {
        var options = new RelayOptions { MaxPendingRequests = 10 };
        var fromInstance = Inspector(options);
        var fromClient = Inspector(options);
        OpenSession(fromClient);

        Assert.Throws<SshFormatException>(() => Repeat(11, () => fromInstance.Inspect(RelaySide.Instance, Global("keepalive@openssh.com", wantReply: true))));
        Assert.Throws<SshFormatException>(() => Repeat(11, () => fromClient.Inspect(RelaySide.Client, Request("env", wantReply: true))));
    }

    [Fact]
    public void Replies_ThatNobodyAskedFor_EndTheSession()
    {
        OpenSession(_open);

        Assert.Throws<SshFormatException>(() => _open.Inspect(RelaySide.Instance, ToChannel(MessageNumber.ChannelSuccess)));
        Assert.Throws<SshFormatException>(() => _open.Inspect(RelaySide.Instance, new[] { MessageNumber.RequestSuccess }));
        Assert.Throws<SshFormatException>(() => _open.Inspect(RelaySide.Client, new[] { MessageNumber.RequestSuccess }));
    }

    [Fact]
    public void Requests_OnAChannelThatIsNotOpen_EndTheSession()
    {
        Assert.Throws<SshFormatException>(() => _open.Inspect(RelaySide.Client, Request("exec", wantReply: true)));
        _open.Inspect(RelaySide.Client, Open("session", 3));
        Assert.Throws<SshFormatException>(() => _open.Inspect(RelaySide.Client, Request("exec", wantReply: true))); // asked for, not confirmed
    }

    [Fact]
    public void RefusedCommand_ReachesTheInstanceWithoutItsTextAndFailsWhateverTheInstanceSays()
    {
        var inspector = Inspector(new RelayPolicy { Exec = false });
        OpenSession(inspector);

        var passedOn = inspector.Inspect(RelaySide.Client, Request("exec", wantReply: true, "rm -rf /"));
        var answer = inspector.Inspect(RelaySide.Instance, ToChannel(MessageNumber.ChannelSuccess)); // an instance that plays along

        Assert.Equal(RelayAction.Relay, passedOn.Action);
        Assert.Equal(-1, passedOn.Message.Span.IndexOf("exec"u8));
        Assert.Equal(-1, passedOn.Message.Span.IndexOf("rm -rf"u8));
        Assert.Equal((RelayAction.Relay, MessageNumber.ChannelFailure), (answer.Action, answer.Message.Span[0]));
        Assert.Throws<RelayStoppedException>(() => inspector.Inspect(RelaySide.Client, Request("exec", wantReply: false, "rm -rf /")));
    }

    [Theory]
    [InlineData("invented@example.com")]
    [InlineData("tun@openssh.com")]
    public void UnknownChannels_UnderARestriction_AreRefused(string type)
    {
        Assert.Equal(RelayAction.Answer, Inspector(new RelayPolicy { X11 = false }).Inspect(RelaySide.Client, Open(type, 3)).Action);
        Assert.Equal(RelayAction.Relay, _open.Inspect(RelaySide.Client, Open(type, 3)).Action);
    }

    [Fact]
    public void RefusedForward_GrantsNothingAlthoughTheInstanceSaysSuccess()
    {
        var inspector = Inspector(new RelayPolicy { RemoteForward = false });

        inspector.Inspect(RelaySide.Client, Global("tcpip-forward", wantReply: true, ("127.0.0.1", 8080)));
        var answer = inspector.Inspect(RelaySide.Instance, new[] { MessageNumber.RequestSuccess });

        Assert.Equal(MessageNumber.RequestFailure, answer.Message.Span[0]);
        Assert.Equal(RelayAction.Answer, inspector.Inspect(RelaySide.Instance, Open("forwarded-tcpip", 1, ("127.0.0.1", 8080))).Action);
    }

    private static RelayInspector Inspector(RelayPolicy policy) => Inspector(new RelayOptions { Policy = policy });

    private static RelayInspector Inspector(RelayOptions options) => new(options, new ObserverQueue(new Nobody(), NullLogger.Instance));

    /// <summary>The client's channel 3 is the instance's channel 0.</summary>
    private static void OpenSession(RelayInspector inspector)
    {
        inspector.Inspect(RelaySide.Client, Open("session", 3));
        var confirm = SshWriter.Message(MessageNumber.ChannelOpenConfirmation);
        confirm.WriteUInt32(3);
        confirm.WriteUInt32(0);
        confirm.WriteUInt32(1 << 20);
        confirm.WriteUInt32(1 << 15);
        inspector.Inspect(RelaySide.Instance, confirm.WrittenMemory);
    }

    private static ReadOnlyMemory<byte> Open(string type, uint number, (string Host, uint Port)? endpoint = null)
    {
        var open = SshWriter.Message(MessageNumber.ChannelOpen);
        open.WriteString(type);
        open.WriteUInt32(number);
        open.WriteUInt32(1 << 20);
        open.WriteUInt32(1 << 15);
        open.WriteString(endpoint?.Host ?? "127.0.0.1");
        open.WriteUInt32(endpoint?.Port ?? 22);
        open.WriteString("127.0.0.1");
        open.WriteUInt32(40000);
        return open.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Global(string type, bool wantReply, (string Host, uint Port)? endpoint = null)
    {
        var request = SshWriter.Message(MessageNumber.GlobalRequest);
        request.WriteString(type);
        request.WriteBoolean(wantReply);
        if (endpoint is { } to)
        {
            request.WriteString(to.Host);
            request.WriteUInt32(to.Port);
        }

        return request.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> Request(string type, bool wantReply, string text = "x")
    {
        var request = SshWriter.Message(MessageNumber.ChannelRequest);
        request.WriteUInt32(0); // the instance's number
        request.WriteString(type);
        request.WriteBoolean(wantReply);
        request.WriteString(text);
        return request.WrittenMemory;
    }

    private static ReadOnlyMemory<byte> ToChannel(byte number)
    {
        var message = SshWriter.Message(number);
        message.WriteUInt32(3); // the client's number
        return message.WrittenMemory;
    }

    private static void Repeat(int times, Action action)
    {
        for (var i = 0; i < times; i++)
        {
            action();
        }
    }

    private sealed class Nobody : IRelayObserver
    {
        public ValueTask ChannelOpenedAsync(ChannelKind kind, string? detail) => ValueTask.CompletedTask;

        public ValueTask DroppedAsync(long count) => ValueTask.CompletedTask;
    }
}

using System.Text;
using System.Text.Json;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Reading;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Auditor.Tests.Reading;

public sealed class EnvelopeReaderTests
{
    private const string ReadyExchange = "Workspaces.Contracts:WorkspaceReady";

    [Fact]
    public void Read_Event_KeepsItAsItCameAndFindsWhatItIsAbout()
    {
        var session = Messages.Session(Guid.NewGuid());

        var message = Messages.Received(session);

        Assert.Equal(session.EventId, message.EventId);
        Assert.Equal("SessionOpened", message.Type);
        Assert.Equal(("abc", "bob", session.SessionId), (message.WorkspaceId, message.User, message.SessionId));
        Assert.Equal(Messages.Time, message.OccurredAt);
        Assert.Equal(Messages.TraceParent, message.TraceParent);
        Assert.Null(message.Problem);
        Assert.Equal(JsonSerializer.Serialize(session, ContractsJson.Options), message.Message);
    }

    [Fact]
    public void Read_Request_HasOwnerAndWhoAsked()
    {
        var message = Messages.Received(Messages.Requested(owner: "alice", requestedBy: "bot"));

        Assert.Equal(("alice", "bot"), (message.Owner, message.User));
    }

    [Fact]
    public void Read_OddSpacingAndNewFields_AreKept()
    {
        const string Event = """{ "eventId":"4b0c1a52-6a0e-4a2e-8f1e-000000000001",  "occurredAt":"2026-03-01T14:00:00+02:00", "later":{"x":[1,2]} }""";

        var message = Read($$"""{"messageType":["urn:message:{{ReadyExchange}}"],"message":{{Event}}}""");

        Assert.Equal(Event, message.Message);
        Assert.Equal("WorkspaceReady", message.Type);
        Assert.Equal(TimeSpan.Zero, message.OccurredAt!.Value.Offset);
        Assert.Equal(12, message.OccurredAt.Value.Hour);
    }

    [Theory]
    [InlineData("hello", "hello")]
    [InlineData("[1]", "[1]")]
    [InlineData("{}", "{}")]
    [InlineData("""{"messageType":["urn:message:Workspaces.Contracts:WorkspaceReady"],"message":{"occurredAt":"2026-03-01T14:00:00Z"}}""", null)]
    [InlineData("""{"messageType":["urn:message:Workspaces.Contracts:WorkspaceReady"],"message":{"eventId":"4b0c1a52-6a0e-4a2e-8f1e-000000000001"}}""", null)]
    [InlineData("""{"messageType":["urn:message:Other:Thing"],"message":{"eventId":"4b0c1a52-6a0e-4a2e-8f1e-000000000001","occurredAt":"2026-03-01T14:00:00Z"}}""", null)]
    [InlineData("""{"messageType":[7],"message":{}}""", null)]
    [InlineData("""{"messageType":"x","message":{}}""", null)]
    public void Read_NotAnEvent_IsKeptWholeAsUnknown(string body, string? kept)
    {
        var message = Read(body);

        Assert.Equal(LogEntry.UnknownType, message.Type);
        Assert.Equal(MessageForm.Text, message.MessageForm);
        Assert.Equal(kept ?? body, message.Message);
        Assert.NotNull(message.Problem);
    }

    [Theory]
    [InlineData(new byte[] { 0xFF, 0xFE, 0x00 })]
    [InlineData(new byte[] { (byte)'a', 0, (byte)'b' })]
    [InlineData(new byte[0])]
    public void Read_Bytes_AreKeptWhole(byte[] body)
    {
        var message = EnvelopeReader.Read(body, ReadyExchange);

        Assert.Equal(LogEntry.UnknownType, message.Type);
        Assert.Equal(body, message.MessageForm == MessageForm.Base64 ? Convert.FromBase64String(message.Message) : Encoding.UTF8.GetBytes(message.Message));
    }

    [Fact]
    public void Read_SameUnknownTwice_HasTheSameId() => Assert.Equal(Read("hello").EventId, Read("hello").EventId);

    [Fact]
    public void Read_ThroughTheExchangeOfAnotherEvent_IsNotBelieved()
    {
        var message = EnvelopeReader.Read(Messages.EnvelopeOf(Messages.Requested()), "Workspaces.Contracts:SessionOpened");

        Assert.Equal(LogEntry.UnknownType, message.Type);
        Assert.Contains("SessionOpened", message.Problem, StringComparison.Ordinal);
        Assert.Null(message.Owner);
    }

    [Fact]
    public void Read_ThroughTheDefaultExchange_IsAReplayAndBelieved() =>
        Assert.Equal("WorkspaceReady", EnvelopeReader.Read(Messages.EnvelopeOf(Messages.Ready()), "").Type);

    private static ReceivedMessage Read(string body) => EnvelopeReader.Read(Encoding.UTF8.GetBytes(body), ReadyExchange);
}

using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.Auditor.Tests.Feed;

public sealed class FeedRoutingTests
{
    [Theory]
    [InlineData("WorkspaceStopRequested", """{"model":"injection"}""", "workspace.stop-requested.injection")]
    [InlineData("WorkspaceStopRequested", """{}""", "workspace.stop-requested.-")]
    [InlineData("WorkspaceReady", "{}", "workspace.ready.abc")]
    [InlineData("InstanceUp", "{}", "instance.up.shop.deployment.pay.ments")]
    [InlineData("SessionOpened", "{}", "session.opened.alice_smith")]
    [InlineData("AuthenticationFailed", """{"reason":"UnknownKey"}""", "authentication.failed.unknownkey")]
    [InlineData("UserKeysChanged", "{}", "user.keys-changed.alice_smith")]
    public void KeyOf_Entry_NamesWhatItIsAbout(string type, string message, string key) =>
        Assert.Equal(key, FeedRouting.KeyOf(Entry(type, message) with { WorkspaceId = "abc", User = "alice.smith", Target = "shop/Deployment/pay.ments" }));

    [Fact]
    public void KeyOf_TargetNotKnown_StillHasItsPlaces() => Assert.Equal("instance.down.-.-.-", FeedRouting.KeyOf(Entry("InstanceDown", "{}")));

    [Fact]
    public void KeyOf_EveryLoggedEvent_HasOne() => Assert.All(
        Topology.Exchanges.Where(exchange => exchange.EventType != typeof(WorkspaceActivity)),
        exchange => Assert.NotEmpty(FeedRouting.KeyOf(Entry(exchange.EventType.Name, "{}"))));

    [Fact]
    public void KeyOf_LongAndOdd_FitsAmqp()
    {
        var key = FeedRouting.KeyOf(Entry("SessionOpened", "{}") with { User = "a*#b " + new string('x', 400) });

        Assert.StartsWith("session.opened.a__b_x", key, StringComparison.Ordinal);
        Assert.Equal(255, key.Length);
    }

    private static LogEntry Entry(string type, string message) => new()
    {
        Sequence = 1,
        EventId = Guid.NewGuid(),
        Type = type,
        OccurredAt = Messages.Time,
        StoredAt = Messages.Time,
        MessageForm = MessageForm.Json,
        Message = message,
        MessageHash = "",
        PreviousHash = "",
        Hash = "",
    };
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Operations;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Operations;

public sealed class EventCorrelatorTests
{
    private readonly Clock _clock = new();
    private readonly EventCorrelator _correlator;

    public EventCorrelatorTests() => _correlator = new EventCorrelator(_clock);

    [Fact]
    public void Observe_TheSameAgain_CountsUp()
    {
        var first = Say("one")!;
        Assert.Equal((first.Name, 2), (Say("one")!.Name, Say("one")!.Count - 1));
        Assert.NotEqual(first.Name, Say("two")!.Name);
    }

    [Fact]
    public void Observe_FromTheTenthAlikeOn_OneStandsForAll()
    {
        var names = Enumerable.Range(0, 9).Select(i => Say($"pod {i}")!.Message).ToList();
        Assert.Equal("pod 8", names[^1]);

        var tenth = Say("pod 9")!;
        var next = Say("pod 10")!;

        Assert.Equal("(combined from similar events): pod 9", tenth.Message);
        Assert.Equal((tenth.Name, 2, "(combined from similar events): pod 10"), (next.Name, next.Count, next.Message));
    }

    [Fact]
    public void Observe_AlikeAfterTenMinutes_IsNewAgain()
    {
        foreach (var i in Enumerable.Range(0, 10))
        {
            Say($"pod {i}");
        }

        _clock.Now += TimeSpan.FromMinutes(11);

        Assert.Equal("pod 10", Say("pod 10")!.Message);
    }

    [Fact]
    public void Observe_MoreThan25InARow_AreDroppedUntilFiveMinutesPassed()
    {
        Assert.All(Enumerable.Range(0, 25), _ => Assert.NotNull(Say("again")));
        Assert.Null(Say("again"));

        _clock.Now += TimeSpan.FromMinutes(5);

        Assert.Equal(27, Say("again")!.Count);
        Assert.Null(Say("again"));
    }

    private EventCorrelator.Observation? Say(string message) =>
        _correlator.Observe(new JsonObject { ["kind"] = "Pod", ["namespace"] = "a", ["name"] = "web", ["uid"] = "1", ["apiVersion"] = "v1" }, "test", "Normal", "Said", message);

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }
}

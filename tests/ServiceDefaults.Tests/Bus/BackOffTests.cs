using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Bus;

public sealed class BackOffTests
{
    [Fact]
    public void DelayAfter_MoreAttempts_DoublesUpToTheLongest()
    {
        var longest = TimeSpan.FromSeconds(30);

        var delays = new[] { 0, 1, 2, 7, 8, 1000, int.MaxValue }.Select(attempts => BackOff.DelayAfter(attempts, longest).TotalSeconds);

        Assert.Equal([0.2, 0.4, 0.8, 25.6, 30, 30, 30], delays);
    }

    [Fact]
    public void Next_AfterReset_StartsOver()
    {
        var backOff = new BackOff();
        var waits = Enumerable.Range(0, 6).Select(_ => backOff.Next()).ToList();

        backOff.Reset();

        Assert.True(waits[^1] > TimeSpan.FromSeconds(4));
        Assert.InRange(backOff.Next(), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(250));
    }
}

using Workspaces.Cluster.Reconciling;
using Xunit;

namespace Workspaces.Cluster.Tests.Reconciling;

public sealed class WorkQueueTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Add_Twice_IsWorkedOnOnce()
    {
        var queue = new WorkQueue(TimeProvider.System);
        queue.Add("a");
        queue.Add("a");
        queue.Add("b");

        Assert.Equal("a", await queue.TakeAsync(Cancellation));
        Assert.Equal("b", await queue.TakeAsync(Cancellation));
        Assert.Equal(0, queue.Waiting);
    }

    [Fact]
    public async Task Add_WhileWorkedOn_ComesAgainAfterDoneAndNotBefore()
    {
        var queue = new WorkQueue(TimeProvider.System);
        queue.Add("a");
        await queue.TakeAsync(Cancellation);
        queue.Add("a");

        var again = queue.TakeAsync(Cancellation).AsTask();
        Assert.False(again.IsCompleted);
        queue.Done("a");

        Assert.Equal("a", await again.WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task AddAfter_LaterThanAnEarlierTimer_IsCoveredByIt()
    {
        var queue = new WorkQueue(TimeProvider.System);
        queue.AddAfter("a", TimeSpan.FromMilliseconds(10));
        queue.AddAfter("a", TimeSpan.FromDays(1));

        Assert.Equal("a", await queue.TakeAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public async Task AddAfter_EarlierThanALaterTimer_ReplacesIt()
    {
        var queue = new WorkQueue(TimeProvider.System);
        queue.AddAfter("a", TimeSpan.FromDays(1));
        queue.AddAfter("a", TimeSpan.FromMilliseconds(10));

        Assert.Equal("a", await queue.TakeAsync(Cancellation).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Cancellation));
    }

    [Fact]
    public void Clear_ForgetsWhatWaits()
    {
        var queue = new WorkQueue(TimeProvider.System);
        queue.Add("a");
        queue.Clear();

        Assert.False(queue.TakeAsync(Cancellation).AsTask().IsCompleted);
    }
}

using Workspaces.Cluster.Leading;
using Workspaces.Provisioner.Tests.Running;
using Xunit;

namespace Workspaces.Provisioner.Tests.Leading;

public sealed class LeaderLeaseTests(ClusterFixture cluster) : IClassFixture<ClusterFixture>
{
    private const string Ns = "default";

    private readonly string _name = $"lease-{Guid.NewGuid():N}";
    private readonly ManualTime _time = new();
    private readonly LeadershipOptions _options = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task TryHold_ByTwo_IsHeldByOne()
    {
        var (first, second) = (Lease("first"), Lease("second"));

        Assert.True(await first.TryHoldAsync(Cancellation));
        Assert.False(await second.TryHoldAsync(Cancellation));
        Assert.True(await first.TryHoldAsync(Cancellation));
    }

    [Fact]
    public async Task TryHold_AfterRelease_NeedNotWait()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        await first.TryHoldAsync(Cancellation);
        await second.TryHoldAsync(Cancellation);
        await first.ReleaseAsync(Cancellation);

        Assert.True(await second.TryHoldAsync(Cancellation));
        Assert.False(await first.TryHoldAsync(Cancellation));
    }

    [Fact]
    public async Task TryHold_OfALeaderThatGivesNoSign_SucceedsWhenItsDurationIsOver()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        await first.TryHoldAsync(Cancellation);
        Assert.False(await second.TryHoldAsync(Cancellation));
        _time.Advance(_options.LeaseDuration);
        Assert.False(await second.TryHoldAsync(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.True(await second.TryHoldAsync(Cancellation));
        Assert.False(await first.TryHoldAsync(Cancellation));
    }

    [Fact]
    public async Task TryHold_OfALeaderThatRenews_NeverSucceeds()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        for (var renewals = 0; renewals < 4; renewals++)
        {
            Assert.True(await first.TryHoldAsync(Cancellation));
            Assert.False(await second.TryHoldAsync(Cancellation));
            _time.Advance(_options.LeaseDuration - TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Release_OfAForeignLease_LeavesIt()
    {
        var (first, second) = (Lease("first"), Lease("second"));
        await first.TryHoldAsync(Cancellation);
        await second.ReleaseAsync(Cancellation);

        Assert.False(await second.TryHoldAsync(Cancellation));
    }

    private LeaderLease Lease(string identity) => new(cluster.Client, Ns, _name, identity, _options, _time);
}

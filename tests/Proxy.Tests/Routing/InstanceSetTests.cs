using Workspaces.Proxy.LoginNames;
using Workspaces.Proxy.Routing;
using Xunit;

namespace Workspaces.Proxy.Tests.Routing;

public sealed class InstanceSetTests
{
    private readonly InstanceSet _set = new();

    public InstanceSetTests()
    {
        foreach (var name in "abc")
        {
            _set.Add(new InstanceRoute(Facts.Up("w1", name, pod: $"payments-6d7f9-x{name}", replica: $"x{name}")));
        }
    }

    [Fact]
    public void TryLease_WithoutSelector_SpreadsSessionsEvenly()
    {
        var leases = Enumerable.Range(0, 300).Select(_ => Lease(null)).ToList();

        Assert.Equal([100, 100, 100], leases.CountBy(lease => lease.Route.Id).Select(pair => pair.Value));
        Assert.All(leases, lease => Assert.Equal(3, lease.Replicas));
    }

    [Fact]
    public void TryLease_AfterSessionsEnded_PicksTheInstanceThatTheyLeft()
    {
        var leases = Enumerable.Range(0, 9).Select(_ => Lease(null)).ToList();
        var left = leases.Where(lease => lease.Route.Replica == "xb").ToList();
        left.ForEach(lease => lease.Dispose());
        left[0].Dispose(); // twice counts once

        Assert.Equal(["xb", "xb", "xb"], Enumerable.Range(0, 3).Select(_ => Lease(null).Route.Replica));
    }

    [Theory]
    [InlineData("xb")]
    [InlineData("payments-6d7f9-xb")]
    [InlineData("6d7f9-xb")]
    public void TryLease_ByReplicaPodOrItsEnd_IsThatInstance(string selector) =>
        Assert.Equal("xb", Lease(new ReplicaSelector(selector)).Route.Replica);

    [Fact]
    public void TryLease_ReplicaThatIsNotThere_IsNotAnotherOne() =>
        Assert.False(_set.TryLease(new ReplicaSelector("b"), "alice", out _));

    [Fact]
    public void Quarantine_TakesTheInstanceOutOfEveryChoice()
    {
        _set.Quarantine(Facts.InstanceId('a'));

        Assert.DoesNotContain(Enumerable.Range(0, 20).Select(_ => Lease(null).Route.Replica), replica => replica == "xa");
        Assert.False(_set.TryLease(new ReplicaSelector("xa"), "alice", out _));
        Assert.True(_set.Contains(Facts.InstanceId('a')));
    }

    [Fact]
    public void Remove_WithSessionsOpen_LetsThemEndWithoutHarm()
    {
        var lease = Lease(new ReplicaSelector("xa"));
        Assert.True(_set.Remove(lease.Route.Id));
        lease.Dispose();

        Assert.Equal(2, _set.Count);
        Assert.False(_set.TryLease(new ReplicaSelector("xa"), "alice", out _));
    }

    [Fact]
    public void TryLease_OfTheSamePersonAgain_IsTheSameInstanceWhileItIsUp()
    {
        var first = Lease(null, "alice");
        var other = Lease(null, "bob");
        Assert.NotEqual(first.Route.Id, other.Route.Id);
        first.Dispose();
        Assert.Equal(first.Route.Id, Lease(null, "alice").Route.Id);

        _set.Remove(first.Route.Id);
        var next = Lease(null, "alice");
        Assert.NotEqual(first.Route.Id, next.Route.Id);
        Assert.Equal(next.Route.Id, Lease(null, "alice").Route.Id);
    }

    [Fact]
    public void TryLease_ByTheNodeOfADaemonSet_IsTheInstanceThere()
    {
        var set = new InstanceSet();
        var up = Facts.Up("w1", 'a', pod: "agent-xa", replica: "xa");
        set.Add(new InstanceRoute(up with { Workload = up.Workload with { Kind = "DaemonSet" }, Pod = up.Pod with { Node = "n1" } }));

        Assert.True(set.TryLease(new ReplicaSelector("n1"), "alice", out _));
        Assert.False(set.TryLease(new ReplicaSelector("n2"), "alice", out _));
    }

    /// <summary>Without a person, each time somebody who was never there.</summary>
    private InstanceLease Lease(ReplicaSelector? selector, string? person = null)
    {
        Assert.True(_set.TryLease(selector, person ?? Guid.NewGuid().ToString(), out var lease));
        return lease;
    }
}

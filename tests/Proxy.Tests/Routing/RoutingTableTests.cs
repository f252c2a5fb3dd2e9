using System.Diagnostics;
using Workspaces.Contracts;
using Workspaces.Proxy.LoginNames;
using Workspaces.Proxy.Routing;
using Xunit;

namespace Workspaces.Proxy.Tests.Routing;

public sealed class RoutingTableTests
{
    private readonly RoutingTable _table = new(new ChangeSignal());

    [Fact]
    public void Find_WorkspaceOfAnotherOwner_IsAsIfItDidNotExist()
    {
        _table.Apply(Facts.Requested("w1", "payments", "alice"), seen: 1);

        Assert.Equal("w1", _table.Find("alice", "payments")?.Id);
        Assert.Null(_table.Find("bob", "payments"));
        Assert.Null(_table.Find("alice", "other"));
    }

    [Fact]
    public void Apply_EveryOrderOfALifecycle_EndsInTheSameState()
    {
        var steps = new Action<RoutingTable>[]
        {
            table => table.Apply(Facts.Requested("w1", "payments", "alice"), 1),
            table => table.Apply("w1", Facts.Status(1, WorkspaceState.Starting, 2), 1),
            table => table.Apply(Facts.Up("w1", 'a', generation: 1), 1),
            table => table.Apply("w1", Facts.Status(1, WorkspaceState.Ready, 3), 1),
            table => table.Apply("w1", Facts.Status(2, WorkspaceState.Stopping, 4), 1),
            table => table.Apply(Facts.Down("w1", 'a')),
            table => table.Apply("w1", Facts.Status(2, WorkspaceState.Stopped, 5), 1),
            table => table.Apply("w1", Facts.Status(3, WorkspaceState.Requested, 6), 1),
            table => table.Apply(Facts.Up("w1", 'b', generation: 3), 1),
        };
        var random = new Random(5);
        for (var i = 0; i < 2_000; i++)
        {
            var table = new RoutingTable(new ChangeSignal());
            foreach (var step in steps.Concat(steps).OrderBy(_ => random.Next()))
            {
                step(table);
            }

            Assert.Equal(new WorkspaceStatus(3, WorkspaceState.Requested, Facts.Time(6)), table.Find("alice", "payments")!.Status);
            Assert.Equal(Facts.InstanceId('b'), Assert.Single(table.InstancesOf("w1").All).Id);
        }
    }

    [Fact]
    public void Apply_InstanceUpAfterItsDown_RevivesNothing()
    {
        _table.Apply(Facts.Requested("w1", "payments", "alice"), 1);
        _table.Apply(Facts.Down("w1", 'a'));
        _table.Apply(Facts.Up("w1", 'a'), 1);

        Assert.Empty(_table.InstancesOf("w1").All);
        Assert.Equal(0, _table.InstanceCount);
    }

    [Fact]
    public void Apply_AnythingAfterWorkspaceDeleted_RevivesNothing()
    {
        _table.Apply(Facts.Requested("w1", "payments", "alice"), 1);
        _table.Apply(Facts.Up("w1", 'a'), 1);
        _table.Apply(Facts.Deleted("w1"));
        _table.Apply(Facts.Requested("w1", "payments", "alice"), 2);
        _table.Apply(Facts.Up("w1", 'b'), 2);
        _table.Apply("w1", Facts.Status(9, WorkspaceState.Ready, 9), 2);

        Assert.Null(_table.Find("alice", "payments"));
        Assert.Empty(_table.InstancesOf("w1").All);
        Assert.True(_table.IsDeleted("w1"));
    }

    [Fact]
    public void Find_NameUsedAgainAfterDeletion_IsTheNewWorkspaceInEveryOrder()
    {
        _table.Apply(Facts.Requested("w1", "payments", "alice", at: 1), 1);
        _table.Apply(Facts.Requested("w2", "payments", "alice", at: 9), 1);
        Assert.Equal("w2", _table.Find("alice", "payments")?.Id);

        _table.Apply(Facts.Deleted("w1"));
        Assert.Equal("w2", _table.Find("alice", "payments")?.Id);
    }

    [Fact]
    public void Apply_ContainerRestartedInItsPod_ReplacesTheRunBeforeItInEveryOrder()
    {
        _table.Apply(Facts.Up("w1", 'b', pod: "p", at: 2), 1);
        _table.Apply(Facts.Up("w1", 'a', pod: "p", at: 1), 1);
        Assert.Equal(Facts.InstanceId('b'), Assert.Single(_table.InstancesOf("w1").All).Id);

        _table.Apply(Facts.Up("w1", 'c', pod: "p", at: 3), 1);
        _table.Apply(Facts.Down("w1", 'b'));
        Assert.Equal(Facts.InstanceId('c'), Assert.Single(_table.InstancesOf("w1").All).Id);
        Assert.True(_table.InstancesOf("w1").TryLease(new ReplicaSelector("p"), "alice", out _));
    }

    [Fact]
    public void Apply_Stopped_DropsInstancesWhoseDownWasMissed()
    {
        _table.Apply(Facts.Up("w1", 'a', generation: 1), 1);
        _table.Apply("w1", Facts.Status(2, WorkspaceState.Stopped, 5), 1);
        Assert.Empty(_table.InstancesOf("w1").All);

        _table.Apply(Facts.Up("w1", 'b', generation: 1), 1);
        Assert.Empty(_table.InstancesOf("w1").All);
    }

    [Fact]
    public void ApplySnapshot_OlderThanAnEvent_LosesAgainstIt()
    {
        _table.Apply(Facts.Requested("w1", "payments", "alice"), seen: 10);
        _table.Apply("w1", Facts.Status(2, WorkspaceState.Stopping, 5), seen: 10);
        _table.Apply(Facts.Down("w1", 'a'));

        _table.Apply(Facts.Snapshot(Facts.Known("w1", "payments", "alice", 1, WorkspaceState.Ready), Facts.Up("w1", 'a')), 9, Facts.Time(4), 0);

        Assert.Equal(WorkspaceState.Stopping, _table.Find("alice", "payments")!.Status.State);
        Assert.Empty(_table.InstancesOf("w1").All);
    }

    [Fact]
    public void ApplySnapshot_WithoutWhatWasMentionedSince_KeepsIt()
    {
        _table.Apply(Facts.Requested("w1", "payments", "alice"), seen: 10);
        _table.Apply(Facts.Up("w1", 'a'), seen: 10);

        _table.Apply(Facts.Snapshot(), seen: 9, Facts.Time(4), absentSince: 9);
        Assert.Single(_table.InstancesOf("w1").All);

        _table.Apply(Facts.Snapshot(), seen: 20, Facts.Time(8), absentSince: 15);
        Assert.Null(_table.Find("alice", "payments"));
        Assert.Equal(0, _table.InstanceCount);
    }

    [Fact]
    public void ApplySnapshot_WithAnotherOwner_TakesTheWorkspaceFromTheFormerOne()
    {
        var requested = Facts.Requested("w1", "payments", "alice");
        _table.Apply(requested, 1);
        _table.Apply(Facts.Snapshot(Facts.Known("w1", "payments", "bob", 1, WorkspaceState.Ready)), 2, Facts.Time(2), 0);
        _table.Apply(requested, 3);

        Assert.Null(_table.Find("alice", "payments"));
        Assert.Equal("w1", _table.Find("bob", "payments")?.Id);
    }

    [Fact]
    public void Find_AmongAHundredThousand_TakesAsLongAsAmongTen()
    {
        var few = Fill(10);
        var many = Fill(100_000);

        // The ratio, not the figure, and the best of several rounds: the machine is shared.
        var ratio = Enumerable.Range(0, 5).Min(_ => Measure(many, 100_000) / Measure(few, 10));

        Assert.True(ratio < 12, $"A lookup among 100,000 took {ratio:F1} times as long as among 10.");

        static RoutingTable Fill(int count)
        {
            var table = new RoutingTable(new ChangeSignal());
            for (var i = 0; i < count; i++)
            {
                table.Apply(Facts.Requested($"w{i}", $"name-{i}", "alice"), 1);
                table.Apply(Facts.Up($"w{i}", Guid.NewGuid(), $"pod-{i}"), 1);
            }

            return table;
        }

        static double Measure(RoutingTable table, int count)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 20_000; i++)
            {
                var workspace = table.Find("alice", $"name-{i * 7919L % count}")!;
                Assert.True(table.InstancesOf(workspace.Id).TryLease(null, "alice", out var lease));
                lease.Dispose();
            }

            return watch.Elapsed.TotalMilliseconds;
        }
    }
}

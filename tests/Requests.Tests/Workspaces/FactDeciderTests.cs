using Workspaces.Contracts;
using Workspaces.Requests.Workspaces;
using static Workspaces.Requests.Tests.Workspaces.TestWorkspaces;

namespace Workspaces.Requests.Tests.Workspaces;

/// <summary>Reports from workers: duplicates, late ones and any order lead to the same state.</summary>
public sealed class FactDeciderTests
{
    private static readonly DateTimeOffset Now = Start.AddMinutes(5);

    [Fact]
    public void Progress_InOrder_IsShown()
    {
        var workspace = After(Progressed(WorkspaceStage.Scheduling, 1), Progressed(WorkspaceStage.Pulling, 2));

        Assert.Equal((WorkspaceState.Starting, WorkspaceStage.Pulling, "It is Pulling."), (workspace.State, workspace.Stage!.Value, workspace.Message));
    }

    [Fact]
    public void Progress_ThatIsLate_DoesNotGoBack()
    {
        var workspace = After(Progressed(WorkspaceStage.Pulling, 2), Progressed(WorkspaceStage.Scheduling, 1), Progressed(WorkspaceStage.Initializing, 2));

        Assert.Equal(WorkspaceStage.Initializing, workspace.Stage);
        Assert.Null(After(Ready(), Progressed(WorkspaceStage.Starting, 99)).Stage);
        Assert.Equal(WorkspaceState.Failed, After(Failed(), Progressed(WorkspaceStage.Starting, 99), Ready()).State);
    }

    [Fact]
    public void Reports_OfAnOlderGeneration_AreIgnored()
    {
        var stopping = After(Ready()).Then(WorkspaceDecider.Stop(After(Ready()), "alice", ChangeReason.User, Now));
        var started = stopping.Then(WorkspaceDecider.Start(stopping, "alice", Now));

        Assert.False(FactDecider.IsNews(started, Ready(1)));
        Assert.False(FactDecider.IsNews(started, Failed(1)));
        Assert.False(FactDecider.IsNews(started, Stopped(2)));
        Assert.False(FactDecider.IsNews(started, Progressed(WorkspaceStage.Starting, 99, generation: 1)));
        Assert.True(FactDecider.IsNews(started, Ready(3)));
    }

    [Fact]
    public void Reports_ThatDoNotAnswerWhatWasAsked_AreIgnored()
    {
        Assert.False(FactDecider.IsNews(After(), Stopped(1)));
        Assert.False(FactDecider.IsNews(After(), Deleted(1)));
    }

    [Fact]
    public void Failure_AfterReady_IsShownWithItsReason()
    {
        var workspace = After(Ready(), Failed());

        Assert.Equal((WorkspaceState.Failed, FailureReason.ImagePull), (workspace.State, workspace.Failure!.Value));
    }

    [Fact]
    public void Instances_InAnyOrderAndTwice_EndTheSame()
    {
        object[] reports = [Up(0), Up(1), Up(2), Down(1), Up(1), Down(1), Down(2), Up(0)];

        foreach (var order in new[] { reports, [.. reports.Reverse()], [.. reports.Skip(3), .. reports.Take(3)], [.. reports, .. reports] })
        {
            Assert.Equal([Instance(0)], After(order).Instances.Select(up => up.InstanceId));
        }
    }

    [Fact]
    public void InstanceDown_BeforeItsUp_LeavesATombstone()
    {
        var workspace = After(Down(0), Up(0));

        Assert.Empty(workspace.Instances);
        Assert.Contains(Instance(0), workspace.Gone);
    }

    [Fact]
    public void Stopped_TakesInstancesWithIt_AlsoThoseThatComeLate()
    {
        var ready = After(Ready(), Up(0));
        var stopped = ready.Then(WorkspaceDecider.Stop(ready, "alice", ChangeReason.User, Now));
        stopped = WorkspaceEvolution.Apply(stopped, Stopped(2))!;

        Assert.Empty(stopped.Instances);
        Assert.False(FactDecider.IsNews(stopped, Up(5, generation: 1)));
        Assert.True(FactDecider.IsNews(stopped.Then(WorkspaceDecider.Start(stopped, "alice", Now)), Up(6, generation: 3)));
    }

    [Fact]
    public void Stop_Requested_KeepsInstancesUntilTheyAreDown()
    {
        var ready = After(Ready(), Up(0));
        var stopping = ready.Then(WorkspaceDecider.Stop(ready, "alice", ChangeReason.User, Now));

        Assert.Single(stopping.Instances);
        Assert.True(FactDecider.IsNews(stopping, Down(0)));
    }

    [Fact]
    public void Tombstones_AreBounded()
    {
        var workspace = After([.. Enumerable.Range(0, 700).Select(number => (object)Down(number))]);

        Assert.Equal(500, workspace.Gone.Count);
        Assert.Contains(Instance(699), workspace.Gone);
    }
}

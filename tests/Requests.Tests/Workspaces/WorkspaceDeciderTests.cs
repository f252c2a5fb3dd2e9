using Workspaces.Contracts;
using Workspaces.Requests.Workspaces;
using EventId = Workspaces.Contracts.EventId;
using static Workspaces.Requests.Tests.Workspaces.TestWorkspaces;

namespace Workspaces.Requests.Tests.Workspaces;

/// <summary>Commands: what happens, what is refused, and that every change of desired state is a new generation.</summary>
public sealed class WorkspaceDeciderTests
{
    private static readonly DateTimeOffset Now = Start.AddMinutes(5);

    [Fact]
    public void Request_OfAWorkspace_IsItsFirstGeneration()
    {
        var requested = Requested();

        Assert.Equal(1, requested.Generation);
        Assert.Equal(WorkspaceModel.Standalone, requested.Model);
        Assert.Equal(EventId.For<WorkspaceRequested>(Id, 1), requested.EventId);
        Assert.Equal(Start, requested.OccurredAt);
    }

    [Fact]
    public void Stop_OfAReadyWorkspace_IsANewGeneration()
    {
        var decision = WorkspaceDecider.Stop(After(Ready()), "alice", ChangeReason.User, Now);

        var stop = Assert.IsType<WorkspaceStopRequested>(Assert.Single(decision.Events));
        Assert.Equal(2, stop.Generation);
        Assert.Equal(Now, stop.OccurredAt);
        Assert.Equal("alice", stop.RequestedBy);
        Assert.Equal(EventId.For<WorkspaceStopRequested>(Id, 2), stop.EventId);
    }

    [Fact]
    public void Commands_OneAfterTheOther_CountGenerations()
    {
        var workspace = After(Ready());
        workspace = workspace.Then(WorkspaceDecider.Stop(workspace, "alice", ChangeReason.User, Now));
        Assert.Equal((2, WorkspaceState.Stopping), (workspace.Generation, workspace.State));
        workspace = workspace.Then(WorkspaceDecider.Start(workspace, "alice", Now));
        Assert.Equal((3, WorkspaceState.Starting), (workspace.Generation, workspace.State));
        workspace = workspace.Then(WorkspaceDecider.Delete(workspace, "alice", ChangeReason.User, Now));
        Assert.Equal((4, WorkspaceState.Deleting), (workspace.Generation, workspace.State));
    }

    [Fact]
    public void Commands_ThatAskForWhatIsSo_ChangeNothing()
    {
        var stopping = After(Ready()).Then(WorkspaceDecider.Stop(After(Ready()), "alice", ChangeReason.User, Now));
        var deleting = After().Then(WorkspaceDecider.Delete(After(), "alice", ChangeReason.User, Now));

        Assert.Empty(WorkspaceDecider.Start(After(), "alice", Now).Events);
        Assert.Empty(WorkspaceDecider.Start(After(Ready()), "alice", Now).Events);
        Assert.Empty(WorkspaceDecider.Stop(stopping, "alice", ChangeReason.User, Now).Events);
        Assert.Empty(WorkspaceDecider.Delete(deleting, "alice", ChangeReason.User, Now).Events);
    }

    [Fact]
    public void Start_OfAFailedWorkspace_TriesAgain() =>
        Assert.IsType<WorkspaceStartRequested>(Assert.Single(WorkspaceDecider.Start(After(Failed()), "alice", Now).Events));

    [Fact]
    public void Stop_OfAFailedWorkspace_IsRefused() =>
        Assert.Equal(WorkspaceRefusal.Failed, WorkspaceDecider.Stop(After(Failed()), "alice", ChangeReason.User, Now).Refusal);

    [Fact]
    public void Delete_OfAFailedWorkspace_IsDone() =>
        Assert.IsType<WorkspaceDeletionRequested>(Assert.Single(WorkspaceDecider.Delete(After(Failed()), "alice", ChangeReason.User, Now).Events));

    [Fact]
    public void Commands_AfterADeletion_AreRefused()
    {
        var deleting = After().Then(WorkspaceDecider.Delete(After(), "alice", ChangeReason.User, Now));
        var deleted = WorkspaceEvolution.Apply(deleting, Deleted(2))!;

        Assert.Equal(WorkspaceRefusal.Deleting, WorkspaceDecider.Start(deleting, "alice", Now).Refusal);
        Assert.Equal(WorkspaceRefusal.Deleting, WorkspaceDecider.Stop(deleting, "alice", ChangeReason.User, Now).Refusal);
        Assert.Equal(WorkspaceRefusal.Deleted, WorkspaceDecider.Start(deleted, "alice", Now).Refusal);
        Assert.Equal(WorkspaceRefusal.Deleted, WorkspaceDecider.Extend(deleted, "alice", Now.AddHours(1), null, Now).Refusal);
        Assert.Empty(WorkspaceDecider.Delete(deleted, "alice", ChangeReason.User, Now).Events);
    }

    [Fact]
    public void Delete_OfADeletionThatFailed_AsksAgain()
    {
        var deleting = After().Then(WorkspaceDecider.Delete(After(), "alice", ChangeReason.User, Now));
        var failed = WorkspaceEvolution.Apply(deleting, Failed(2))!;

        var again = Assert.IsType<WorkspaceDeletionRequested>(Assert.Single(WorkspaceDecider.Delete(failed, "alice", ChangeReason.User, Now).Events));
        Assert.Equal(3, again.Generation);
    }

    [Fact]
    public void Extend_WithinTheMaximum_MovesTheEnd()
    {
        var decision = WorkspaceDecider.Extend(After(), "alice", Now.AddHours(8), Now.AddHours(8), Now);

        var workspace = After().Then(decision);
        Assert.Equal(Now.AddHours(8), workspace.ExpiresAt);
        Assert.Equal(1, workspace.Generation);
    }

    [Fact]
    public void Extend_BeyondTheMaximum_IsRefused() =>
        Assert.Equal(WorkspaceRefusal.BeyondMaximum, WorkspaceDecider.Extend(After(), "alice", Now.AddHours(9), Now.AddHours(8), Now).Refusal);
}

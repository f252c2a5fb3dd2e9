using Workspaces.Cluster.Reconciling;
using Workspaces.Cluster.Records;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Workspaces.Injector.Injecting;
using Xunit;

namespace Workspaces.Injector.Tests.Injecting;

public sealed class RolloutDecisionTests
{
    private static readonly DateTimeOffset Began = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly ReconcileOptions Options = new();
    private static readonly PodTrouble Pull = new(FailureReason.ImagePull, "no such image", Patience.Short);

    [Fact]
    public void Decide_WhereEveryReplicaHasOne_IsReady()
    {
        var ready = Decide(Facts(up: 3) with { IsReplaced = true }, Began);

        Assert.Equal((3, 3), ready.Pending.Select(each => each.Read()).OfType<WorkspaceReady>().Select(each => (each.ReplicasReady, each.ReplicasWanted)).Single());
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(2, true)]
    [InlineData(0, true)]
    public void Decide_WhereTheRolloutGoesOn_Waits(int up, bool replaced)
    {
        var record = Record();

        Assert.Same(record, RolloutDecision.Decide(record, Facts(up) with { IsReplaced = replaced }, Began, Options).Record);
    }

    [Fact]
    public void Decide_WhereTheServiceWasBrokenBefore_IsReadyWithWhatThereIs()
    {
        var ready = Decide(Facts(up: 1) with { IsHeldUpByTarget = true }, Began);

        Assert.Equal((1, 3), ready.Pending.Select(each => each.Read()).OfType<WorkspaceReady>().Select(each => (each.ReplicasReady, each.ReplicasWanted)).Single());
    }

    [Fact]
    public void Decide_OfATroubleOfItsOwnThatLasts_Fails()
    {
        var first = Decide(Facts() with { Trouble = Pull }, Began);
        Assert.Equal(OutcomeState.Pending, first.Outcome.State);

        var later = RolloutDecision.Decide(first, Facts() with { Trouble = Pull }, Began + Options.TroubleMayLast, Options).Record;

        Assert.Equal((OutcomeState.Failing, FailureReason.ImagePull, "no such image"), (later.Outcome.State, later.Outcome.Reason, later.Outcome.Message));
    }

    [Fact]
    public void Decide_OfATroubleThatPassed_ForgetsIt() =>
        Assert.Null(Decide(Facts(), Began, Record() with { Trouble = new Trouble(FailureReason.ImagePull, Began) }).Trouble);

    [Fact]
    public void Decide_PastTheDeadlineWithSomeInstances_IsReadyWithThose() =>
        Assert.Equal(OutcomeState.Ready, Decide(Facts(up: 1), Began + Options.StartWithin).Outcome.State);

    [Fact]
    public void Decide_PastTheDeadlineWithNone_Fails() =>
        Assert.Equal(FailureReason.Timeout, Decide(Facts(), Began + Options.StartWithin).Outcome.Reason);

    private static WorkspaceRecord Decide(RolloutFacts facts, DateTimeOffset now, WorkspaceRecord? record = null) =>
        RolloutDecision.Decide(record ?? Record(), facts, now, Options).Record;

    private static RolloutFacts Facts(int up = 0) => new() { Title = "Deployment shop/payments", Up = up, Wanted = 3, IsReplaced = false, IsHeldUpByTarget = false };

    private static WorkspaceRecord Record() => new()
    {
        WorkspaceId = "k7f3q2m",
        Model = WorkspaceModel.Injection,
        Generation = 1,
        Desired = DesiredState.Running,
        DesiredAt = Began,
        Injection = new InjectionState
        {
            Workload = new WorkloadReference("Deployment", "payments", "u1"),
            Namespace = "shop",
            Mode = InjectionMode.Rollout,
            Container = "main",
            SshPort = 2222,
            Login = new InjectedLogin(1000, 1000, true, []),
            WasHealthy = true,
            At = Began,
        },
    };
}

using k8s.Models;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Cluster.Tests.Watching;

public sealed class PodReadingTests
{
    private const string Run = "crun://a";

    [Fact]
    public void UsableRun_OfReadyContainer_IsThatRunSinceItWasReady()
    {
        var run = PodReading.UsableRun(Pods.Seen(Pods.Running()), "workspace");

        Assert.Equal(new ContainerRun(Run, new DateTimeOffset(Pods.T0.AddSeconds(5))), run);
    }

    public static TheoryData<string> NotUsable() => ["pending", "scheduled", "initializing", "not ready", "no ip", "deleting", "deleted", "failed", "other container"];

    [Theory]
    [MemberData(nameof(NotUsable))]
    public void UsableRun_OfAnythingElse_IsNone(string state)
    {
        var noIp = Pods.Running();
        noIp.Status.PodIP = null;
        var failed = Pods.Running();
        failed.Status.Phase = "Failed";
        var other = Pods.Running();
        other.Status.ContainerStatuses[0].Name = "service";

        var seen = state switch
        {
            "pending" => Pods.Seen(Pods.Pending()),
            "scheduled" => Pods.Seen(Pods.Scheduled()),
            "initializing" => Pods.Seen(Pods.Initializing()),
            "not ready" => Pods.Seen(Pods.Running(ready: false)),
            "no ip" => Pods.Seen(noIp),
            "deleting" => Pods.Seen(Pods.Deleting(Pods.Running())),
            "deleted" => Pods.Seen(Pods.Running(), PodPresence.Deleted),
            "failed" => Pods.Seen(failed),
            _ => Pods.Seen(other),
        };

        Assert.Null(PodReading.UsableRun(seen, "workspace"));
    }

    [Fact]
    public void EndOf_ReadinessFlap_IsNoEnd() => Assert.Null(PodReading.EndOf(Pods.Seen(Pods.Running(ready: false)), "workspace", Run));

    [Fact]
    public void EndOf_PodWithoutStatuses_IsNoEnd()
    {
        var pod = Pods.Running();
        pod.Status.ContainerStatuses = null;

        Assert.Null(PodReading.EndOf(Pods.Seen(pod), "workspace", Run));
    }

    [Fact]
    public void EndOf_DeletingPod_IsTerminatingSinceSomebodyAsked()
    {
        var end = PodReading.EndOf(Pods.Seen(Pods.Deleting(Pods.Running(), grace: 10)), "workspace", Run);

        Assert.Equal(new RunEnd(InstanceDownReason.Terminating, new DateTimeOffset(Pods.T0.AddSeconds(90))), end);
    }

    [Theory]
    [InlineData("DeletionByTaintManager", InstanceDownReason.NodeLost)]
    [InlineData("DeletionByPodGC", InstanceDownReason.NodeLost)]
    [InlineData("EvictionByEvictionAPI", InstanceDownReason.Evicted)]
    [InlineData("PreemptionByScheduler", InstanceDownReason.Evicted)]
    [InlineData("TerminationByKubelet", InstanceDownReason.Evicted)]
    public void EndOf_DisruptedPod_SaysByWhat(string disruption, InstanceDownReason reason) =>
        Assert.Equal(reason, PodReading.EndOf(Pods.Seen(Pods.Disrupted(Pods.Running(), disruption)), "workspace", Run)!.Reason);

    [Theory]
    [InlineData(PodPresence.Deleted, InstanceDownReason.Terminating)]
    [InlineData(PodPresence.Missing, InstanceDownReason.Vanished)]
    public void EndOf_PodThatIsGone_DependsOnWhetherSomebodySawIt(PodPresence presence, InstanceDownReason reason) =>
        Assert.Equal(reason, PodReading.EndOf(Pods.Seen(Pods.Running(), presence), "workspace", Run)!.Reason);

    [Fact]
    public void EndOf_MissingPodThatWasBeingDeleted_IsTerminating() =>
        Assert.Equal(
            InstanceDownReason.Terminating,
            PodReading.EndOf(Pods.Seen(Pods.Deleting(Pods.Running()), PodPresence.Missing), "workspace", Run)!.Reason);

    [Fact]
    public void EndOf_EvictedPod_IsEvicted()
    {
        var pod = Pods.Running();
        pod.Status.Phase = "Failed";
        pod.Status.Reason = "Evicted";

        Assert.Equal(InstanceDownReason.Evicted, PodReading.EndOf(Pods.Seen(pod), "workspace", Run)!.Reason);
    }

    [Fact]
    public void EndOf_RestartedContainer_IsCrashedWhenTheOldRunFinished()
    {
        var pod = Pods.Running("crun://b", restarts: 1);
        pod.Status.ContainerStatuses[0].LastState = new V1ContainerState { Terminated = Pods.Terminated(Run) };

        Assert.Equal(
            new RunEnd(InstanceDownReason.Crashed, new DateTimeOffset(Pods.T0.AddSeconds(50))),
            PodReading.EndOf(Pods.Seen(pod), "workspace", Run));
    }

    [Fact]
    public void EndOf_ContainerInBackOff_IsCrashed()
    {
        var pod = Pods.Waiting("CrashLoopBackOff", "back-off", restarts: 1, last: Pods.Terminated(Run));

        Assert.Equal(InstanceDownReason.Crashed, PodReading.EndOf(Pods.Seen(pod), "workspace", Run)!.Reason);
    }

    [Fact]
    public void EndOf_RunThatIsStillThere_IsNoEnd() => Assert.Null(PodReading.EndOf(Pods.Seen(Pods.Running()), "workspace", Run));
}

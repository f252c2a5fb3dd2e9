using k8s.Models;
using Workspaces.Cluster.Watching;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Cluster.Tests.Watching;

public sealed class StartAndTroubleReadingTests
{
    public static TheoryData<string, WorkspaceStage, int> Steps() => new()
    {
        { "pending", WorkspaceStage.Scheduling, 0 },
        { "scheduled", WorkspaceStage.Pulling, 1 },
        { "initializing", WorkspaceStage.Initializing, 2 },
        { "running", WorkspaceStage.Starting, 4 },
    };

    [Theory]
    [MemberData(nameof(Steps))]
    public void StepOf_Pod_IsTheFurthestThatCanBeSeen(string state, WorkspaceStage stage, int second)
    {
        var pod = state switch
        {
            "pending" => Pods.Pending(),
            "scheduled" => Pods.Scheduled(),
            "initializing" => Pods.Initializing(),
            _ => Pods.Running(ready: false),
        };

        var step = StartReading.StepOf(pod, "workspace");

        Assert.Equal(stage, step.Stage);
        Assert.Equal(new DateTimeOffset(Pods.T0.AddSeconds(second)), step.At);
        Assert.EndsWith(".", step.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ErrImagePull", FailureReason.ImagePull, Patience.Short)]
    [InlineData("ImagePullBackOff", FailureReason.ImagePull, Patience.Short)]
    [InlineData("InvalidImageName", FailureReason.ImagePull, Patience.None)]
    [InlineData("ErrImageNeverPull", FailureReason.ImagePull, Patience.None)]
    [InlineData("CreateContainerConfigError", FailureReason.Start, Patience.Short)]
    [InlineData("CreateContainerError", FailureReason.Start, Patience.Short)]
    public void Of_WaitingContainer_SaysWhyInTheClustersWords(string waiting, FailureReason reason, Patience patience)
    {
        var trouble = TroubleReading.Of(Pods.Waiting(waiting, "words of the cluster"));

        Assert.NotNull(trouble);
        Assert.Equal((reason, patience), (trouble.Reason, trouble.Patience));
        Assert.Contains("words of the cluster", trouble.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ContainerCreating")]
    [InlineData("PodInitializing")]
    public void Of_ContainerOnItsWay_IsNoTrouble(string waiting) => Assert.Null(TroubleReading.Of(Pods.Waiting(waiting, "")));

    [Theory]
    [InlineData(1, Patience.UntilDeadline)]
    [InlineData(2, Patience.None)]
    public void Of_CrashLoop_IsHopelessAfterSomeRestarts(int restarts, Patience patience)
    {
        var trouble = TroubleReading.Of(Pods.Waiting("CrashLoopBackOff", "back-off", restarts, Pods.Terminated("crun://a", 127, message: "not found")));

        Assert.Equal(patience, trouble!.Patience);
        Assert.Contains("exit code 127, not found", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_OutOfMemory_SaysWhatToDo()
    {
        var trouble = TroubleReading.Of(Pods.Waiting("CrashLoopBackOff", "", 2, Pods.Terminated("crun://a", 137, "OOMKilled")));

        Assert.Contains("resources.limits.memory", trouble!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0/3 nodes are available: 3 Insufficient cpu.", FailureReason.Unschedulable)]
    [InlineData("0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims.", FailureReason.Volume)]
    [InlineData("persistentvolumeclaim \"team-dataset\" not found", FailureReason.Volume)]
    public void Of_UnschedulablePod_TellsNodesFromVolumes(string words, FailureReason reason)
    {
        var trouble = TroubleReading.Of(Pods.Unschedulable(words));

        Assert.Equal((reason, Patience.UntilDeadline), (trouble!.Reason, trouble.Patience));
        Assert.Contains(words, trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_HealthyPod_IsNone() => Assert.Null(TroubleReading.Of(Pods.Running()));

    [Theory]
    [InlineData("FailedCreate", FailureReason.Refused)]
    [InlineData("FailedMount", FailureReason.Volume)]
    [InlineData("FailedScheduling", FailureReason.Unschedulable)]
    public void TroubleIn_Warning_KeepsItsWords(string reason, FailureReason failure)
    {
        var trouble = ClusterEvents.TroubleIn(new Corev1Event { Reason = reason, Message = "exceeded quota" });

        Assert.Equal(failure, trouble!.Reason);
        Assert.Contains("exceeded quota", trouble.Message, StringComparison.Ordinal);
    }
}

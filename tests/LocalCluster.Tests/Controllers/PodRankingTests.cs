using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Controllers;

public sealed class PodRankingTests
{
    private static readonly DateTime Now = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Choose_Unassigned_GoesBeforeAssigned() => Assert.Equal("free", First(Pod("bound", node: "n1", phase: "Pending"), Pod("free", phase: "Running", readyFor: 60)));

    [Fact]
    public void Choose_Pending_GoesBeforeRunning() => Assert.Equal("pending", First(Pod("running", node: "n1", readyFor: 10), Pod("pending", node: "n1", phase: "Pending")));

    [Fact]
    public void Choose_NotReady_GoesBeforeReadyWhateverItCosts() =>
        Assert.Equal("unready", First(Pod("ready", node: "n1", readyFor: 10, cost: "-5"), Pod("unready", node: "n1", cost: "100")));

    [Fact]
    public void Choose_LowerDeletionCost_GoesFirst() =>
        Assert.Equal("cheap", First(Pod("dear", node: "n1", readyFor: 1), Pod("cheap", node: "n1", readyFor: 100000, cost: "-1")));

    [Fact]
    public void Choose_CrowdedNode_GoesBeforeReadyTime()
    {
        V1Pod[] pods = [Pod("alone", node: "n1", readyFor: 1), Pod("crowded", node: "n2", readyFor: 100000)];
        var neighbour = Pod("neighbour", node: "n2", readyFor: 5);

        Assert.Equal("crowded", PodRanking.Choose(pods, [.. pods, neighbour], 1, Now)[0].Metadata.Name);
    }

    [Fact]
    public void Choose_ReadyForLess_GoesFirst() => Assert.Equal("fresh", First(Pod("stale", node: "n1", readyFor: 1000), Pod("fresh", node: "n1", readyFor: 10)));

    [Fact]
    public void Choose_ReadyInTheSamePowerOfTwo_GoesByUid() =>
        Assert.Equal("b", First(Pod("a", node: "n1", readyFor: 700, uid: "2"), Pod("b", node: "n1", readyFor: 800, uid: "1")));

    [Fact]
    public void Choose_MoreRestarts_GoFirst() => Assert.Equal("shaky", First(Pod("calm", node: "n1", restarts: 1), Pod("shaky", node: "n1", restarts: 3)));

    [Fact]
    public void Choose_Younger_GoesFirst() => Assert.Equal("young", First(Pod("old", node: "n1", age: 10000), Pod("young", node: "n1", age: 10)));

    [Fact]
    public void Choose_AllOfThem_ReturnsAll() => Assert.Equal(2, PodRanking.Choose([Pod("a"), Pod("b")], [], 2, Now).Count);

    private static string First(params V1Pod[] pods)
    {
        var first = PodRanking.Choose(pods, pods, 1, Now)[0].Metadata.Name;
        Assert.Equal(first, PodRanking.Choose([.. pods.Reverse()], pods, 1, Now)[0].Metadata.Name); // the order of the list does not matter
        return first;
    }

    private static V1Pod Pod(
        string name, string? node = null, string phase = "Running", int? readyFor = null, string? cost = null, int restarts = 0, int age = 5000, string uid = "0")
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta { Name = name, Uid = uid, CreationTimestamp = Now.AddSeconds(-age) },
            Spec = new V1PodSpec { NodeName = node, Containers = [] },
            Status = new V1PodStatus { Phase = phase, ContainerStatuses = [new V1ContainerStatus { Name = "main", RestartCount = restarts }] },
        };
        if (cost is not null)
        {
            pod.Metadata.Annotations = new Dictionary<string, string> { [PodRanking.DeletionCost] = cost };
        }

        if (readyFor is { } seconds)
        {
            pod.Status.Conditions = [new V1PodCondition { Type = "Ready", Status = "True", LastTransitionTime = Now.AddSeconds(-seconds) }];
        }

        return pod;
    }
}

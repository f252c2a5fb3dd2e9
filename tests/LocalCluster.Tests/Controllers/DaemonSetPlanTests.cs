using k8s.Models;
using Workspaces.LocalCluster.Controllers.DaemonSets;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Controllers;

public sealed class DaemonSetPlanTests
{
    private static readonly DateTime Now = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public void Decide_NodeWithoutPod_GetsOne() => Assert.Equal(["n1", "n2"], Decide(Set(), Nodes("n1", "n2")).Create);

    [Fact]
    public void Decide_TaintedNode_KeepsItsPodUnlessNothingMayRunThere()
    {
        DaemonNode[] nodes = [new("n1", ShouldRun: false, MayStay: true), new("n2", ShouldRun: false, MayStay: false)];
        var plan = Decide(Set(), nodes, Pod("a", "n1"), Pod("b", "n2"));
        Assert.Equal(["b"], Names(plan));
        Assert.Empty(plan.Create);
    }

    [Fact]
    public void Decide_SeveralPods_KeepsTheOldest() => Assert.Equal(["young"], Names(Decide(Set(), Nodes("n1"), Pod("young", "n1", age: 1), Pod("old", "n1", age: 100))));

    [Fact]
    public void Decide_PodForANodeThatWent_IsDeleted() => Assert.Equal(["lost"], Names(Decide(Set(), Nodes("n1"), Pod("a", "n1"), Pod("lost", "n9", assigned: false))));

    [Fact]
    public void Decide_FailedPod_GoesUnlessItWentJustBefore()
    {
        var failed = Pod("a", "n1");
        failed.Status.Phase = "Failed";
        Assert.Equal(["a"], Names(Decide(Set(), Nodes("n1"), failed)));

        var later = DaemonSetPlan.Decide(State(Set(), Nodes("n1"), failed), _ => TimeSpan.FromSeconds(3));
        Assert.Empty(later.Delete);
        Assert.Equal(TimeSpan.FromSeconds(3), later.LookAgain);
    }

    [Fact]
    public void Decide_OldPods_GoesByAsManyAsMayBeUnavailable()
    {
        V1Pod[] pods = [Pod("a", "n1", hash: "old"), Pod("b", "n2", hash: "old"), Pod("c", "n3", hash: "old")];
        Assert.Single(Decide(Set(), Nodes("n1", "n2", "n3"), pods).Delete);
        Assert.Equal(2, Decide(Set(unavailable: "50%"), Nodes("n1", "n2", "n3"), pods).Delete.Count);
    }

    [Fact]
    public void Decide_NewPodNotReady_HoldsTheOthers() =>
        Assert.Empty(Decide(Set(), Nodes("n1", "n2"), Pod("a", "n1", ready: false), Pod("b", "n2", hash: "old")).Delete);

    [Fact]
    public void Decide_OldPodNotReady_GoesAtOnce() =>
        Assert.Equal(["b"], Names(Decide(Set(), Nodes("n1", "n2"), Pod("a", "n1", ready: false), Pod("b", "n2", hash: "old", ready: false))));

    [Fact]
    public void Decide_OnDelete_LeavesOldPods()
    {
        var set = Set();
        set.Spec.UpdateStrategy = new V1DaemonSetUpdateStrategy { Type = "OnDelete" };
        Assert.Empty(Decide(set, Nodes("n1"), Pod("a", "n1", hash: "old")).Delete);
    }

    [Fact]
    public void Decide_Surge_MakesTheNewBesideTheOldAndThenDeletesIt()
    {
        var set = Set(surge: "1", unavailable: "0");
        var old = Pod("a", "n1", hash: "old");
        var plan = Decide(set, Nodes("n1", "n2"), old, Pod("b", "n2", hash: "old"));
        Assert.Equal(["n1"], plan.Create);
        Assert.Empty(plan.Delete);

        Assert.Empty(Decide(set, Nodes("n1"), old, Pod("new", "n1", ready: false)).Delete);
        Assert.Equal(["a"], Names(Decide(set, Nodes("n1"), old, Pod("new", "n1"))));
    }

    [Fact]
    public void Of_CordonedAndForeignNodes_AreJudgedAsTheSchedulerDoes()
    {
        var daemon = new V1PodSpec
        {
            Containers = [],
            NodeSelector = new Dictionary<string, string> { ["disk"] = "ssd" },
            Tolerations = [new V1Toleration { Key = "node.kubernetes.io/unschedulable", OperatorProperty = "Exists", Effect = "NoSchedule" }],
        };
        var labels = new Dictionary<string, string> { ["disk"] = "ssd" };
        Assert.Equal((true, true), Judge(new V1Node { Metadata = new V1ObjectMeta { Name = "n", Labels = labels }, Spec = Tainted("node.kubernetes.io/unschedulable", "NoSchedule") }));
        Assert.Equal((false, true), Judge(new V1Node { Metadata = new V1ObjectMeta { Name = "n", Labels = labels }, Spec = Tainted("own", "NoSchedule") }));
        Assert.Equal((false, false), Judge(new V1Node { Metadata = new V1ObjectMeta { Name = "n", Labels = labels }, Spec = Tainted("own", "NoExecute") }));
        Assert.Equal((false, false), Judge(new V1Node { Metadata = new V1ObjectMeta { Name = "n" } }));

        (bool ShouldRun, bool MayStay) Judge(V1Node node) => (DaemonNode.Of(daemon, node).ShouldRun, DaemonNode.Of(daemon, node).MayStay);
    }

    private static V1NodeSpec Tainted(string key, string effect) => new() { Taints = [new V1Taint { Key = key, Effect = effect }] };

    private static IEnumerable<string> Names(DaemonSetPlan plan) => plan.Delete.Select(pod => pod.Metadata.Name);

    private static DaemonNode[] Nodes(params string[] names) => [.. names.Select(name => new DaemonNode(name, ShouldRun: true, MayStay: true))];

    private static DaemonSetPlan Decide(V1DaemonSet set, IReadOnlyList<DaemonNode> nodes, params V1Pod[] pods) =>
        DaemonSetPlan.Decide(State(set, nodes, pods), _ => TimeSpan.Zero);

    private static DaemonSetState State(V1DaemonSet set, IReadOnlyList<DaemonNode> nodes, params V1Pod[] pods) => new(set, "new", nodes, pods, Now);

    private static V1DaemonSet Set(string surge = "0", string unavailable = "1") => new()
    {
        Metadata = new V1ObjectMeta { Name = "agent" },
        Spec = new V1DaemonSetSpec
        {
            UpdateStrategy = new V1DaemonSetUpdateStrategy
            {
                Type = "RollingUpdate",
                RollingUpdate = new V1RollingUpdateDaemonSet { MaxSurge = surge, MaxUnavailable = unavailable },
            },
        },
    };

    private static V1Pod Pod(string name, string node, string hash = "new", bool ready = true, int age = 100, bool assigned = true)
    {
        var pod = new V1Pod
        {
            Metadata = new V1ObjectMeta
            {
                Name = name,
                CreationTimestamp = Now.AddSeconds(-age),
                Labels = new Dictionary<string, string> { [DaemonPods.HashLabel] = hash },
            },
            Spec = new V1PodSpec { NodeName = assigned ? node : null, Containers = [] },
            Status = new V1PodStatus { Phase = "Running", Conditions = [new V1PodCondition { Type = "Ready", Status = ready ? "True" : "False", LastTransitionTime = Now.AddSeconds(-50) }] },
        };
        if (!assigned)
        {
            var term = new V1NodeSelectorTerm { MatchFields = [new V1NodeSelectorRequirement { Key = "metadata.name", OperatorProperty = "In", Values = [node] }] };
            pod.Spec.Affinity = new V1Affinity
            {
                NodeAffinity = new V1NodeAffinity { RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector { NodeSelectorTerms = [term] } },
            };
        }

        return pod;
    }
}

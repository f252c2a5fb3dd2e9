using k8s;
using k8s.Models;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>The node as an object, and how pods find a place on it.</summary>
public sealed class NodeTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("needs", "containers")]
    public async Task Node_HasALeaseAndIsReady()
    {
        var node = (await cluster.Client.CoreV1.ListNodeAsync(cancellationToken: Ct)).Items[0];

        var lease = await cluster.Client.CoordinationV1.ReadNamespacedLeaseAsync(node.Metadata.Name, "kube-node-lease", cancellationToken: Ct);

        Assert.Equal((node.Metadata.Name, 40), (lease.Spec.HolderIdentity, lease.Spec.LeaseDurationSeconds));
        Assert.Equal(node.Metadata.Uid, Assert.Single(lease.Metadata.OwnerReferences).Uid);
        Assert.Equal("True", node.Status.Conditions.Single(condition => condition.Type == "Ready").Status);
    }

    [Theory]
    [InlineData("cpu", "1000", "0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.")]
    [InlineData("example.com/gpu", "1", "0/1 nodes are available: 1 Insufficient example.com/gpu. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.")]
    public async Task Schedule_MoreThanThereIs_SaysWhatIsMissing(string resource, string amount, string message)
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("huge", "true");
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements
        {
            Requests = new Dictionary<string, ResourceQuantity> { [resource] = new(amount) },
            Limits = new Dictionary<string, ResourceQuantity> { [resource] = new(amount) },
        };
        await cluster.CreateAsync(ns, pod);

        Assert.Equal(message, (await UnschedulableAsync(ns, "huge")).Message);
    }

    [Fact]
    public async Task Schedule_PodLevelResources_Count()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("huge", "true");
        pod.Spec.Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["memory"] = new("900Ti") } };
        await cluster.CreateAsync(ns, pod);

        Assert.Contains("1 Insufficient memory", (await UnschedulableAsync(ns, "huge")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_AntiAffinity_KeepsPodsApart()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, Alone("first"));
        await cluster.ReadyPodAsync(ns, "first");

        await cluster.CreateAsync(ns, Alone("second"));

        Assert.StartsWith("0/1 nodes are available: 1 node(s) didn't match pod anti-affinity rules.", (await UnschedulableAsync(ns, "second")).Message, StringComparison.Ordinal);
        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("first", ns, cancellationToken: Ct);
        await cluster.ReadyPodAsync(ns, "second");
    }

    [Fact]
    public async Task Schedule_AffinityToNobody_StaysPending()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("lonely", "true");
        pod.Spec.Affinity = new V1Affinity { PodAffinity = new V1PodAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [Term("nobody")] } };
        await cluster.CreateAsync(ns, pod);

        Assert.StartsWith("0/1 nodes are available: 1 node(s) didn't match pod affinity rules.", (await UnschedulableAsync(ns, "lonely")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedule_SpreadOverMoreDomainsThanThereAre_HoldsBackWhatExceedsTheSkew()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, Spread("first"));
        await cluster.ReadyPodAsync(ns, "first");

        await cluster.CreateAsync(ns, Spread("second"));

        Assert.StartsWith("0/1 nodes are available: 1 node(s) didn't match pod topology spread constraints.", (await UnschedulableAsync(ns, "second")).Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("needs", "containers")]
    public async Task NodeName_MoreThanTheNodeHas_IsRefusedByTheNode()
    {
        var ns = await cluster.NewNamespaceAsync();
        var node = (await cluster.Client.CoreV1.ListNodeAsync(cancellationToken: Ct)).Items[0];
        var pod = ShellPod("forced", "true");
        pod.Spec.NodeName = node.Metadata.Name;
        pod.Spec.Containers[0].Resources = new V1ResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("1000") } };
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "forced", known => known.Status?.Phase == "Failed");

        Assert.Equal("OutOfcpu", found.Status.Reason);
        Assert.StartsWith("Pod was rejected: Node didn't have enough resource: cpu, requested: 1000000, used: ", found.Status.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("needs", "containers")]
    public async Task Sysctl_NotSafe_IsRefusedByTheNode()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("unsafe", "true");
        pod.Spec.SecurityContext = new V1PodSecurityContext { Sysctls = [new V1Sysctl { Name = "kernel.msgmax", Value = "65536" }] };
        await cluster.CreateAsync(ns, pod);

        var found = await cluster.PodAsync(ns, "unsafe", known => known.Status?.Phase == "Failed");

        Assert.Equal(("SysctlForbidden", "Pod was rejected: forbidden sysctl: \"kernel.msgmax\" not allowlisted"), (found.Status.Reason, found.Status.Message));
    }

    private static V1PodAffinityTerm Term(string app) =>
        new() { TopologyKey = "kubernetes.io/hostname", LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = app } } };

    private static V1Pod Labelled(string name, string app)
    {
        var pod = ShellPod(name, "exec sleep 1000");
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = app };
        return pod;
    }

    private static V1Pod Alone(string name)
    {
        var pod = Labelled(name, "alone");
        pod.Spec.Affinity = new V1Affinity { PodAntiAffinity = new V1PodAntiAffinity { RequiredDuringSchedulingIgnoredDuringExecution = [Term("alone")] } };
        return pod;
    }

    private static V1Pod Spread(string name)
    {
        var pod = Labelled(name, "spread");
        pod.Spec.TopologySpreadConstraints =
        [
            new V1TopologySpreadConstraint
            {
                MaxSkew = 1, MinDomains = 2, TopologyKey = "kubernetes.io/hostname", WhenUnsatisfiable = "DoNotSchedule",
                LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "spread" } },
            },
        ];
        return pod;
    }

    private async Task<V1PodCondition> UnschedulableAsync(string ns, string name)
    {
        var pod = await cluster.PodAsync(ns, name, known => known.Status?.Conditions?.Any(condition => condition.Reason == "Unschedulable") == true);
        return pod.Status.Conditions.Single(condition => condition.Type == "PodScheduled");
    }
}

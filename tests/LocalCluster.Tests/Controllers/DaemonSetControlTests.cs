using System.Globalization;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;
using static Workspaces.LocalCluster.Tests.Controllers.WorkloadKit;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>DaemonSets on several nodes that are objects alone. Their pods are as ready as the test says: see <see cref="WorkloadKit"/>.</summary>
public sealed class DaemonSetControlTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Update_ThreeNodes_ReplacesOneAfterTheOther()
    {
        var kit = await NewAsync(cluster);
        await using var nodes = await Nodes.NewAsync(kit, 3);
        await CreateAsync(kit);
        await ReadyAsync(kit, 3);

        await PatchAsync(kit, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        await Eventually.TrueAsync(async () => (await kit.PodsAsync()).Count(pod => pod.Metadata.Annotations?.ContainsKey("v") == true) == 1, "one new pod");
        var half = await SetAsync(kit, found => found.Status is { ObservedGeneration: 2, UpdatedNumberScheduled: 1 });
        Assert.Equal((3, 3, 2, 1), (half.Status.DesiredNumberScheduled, half.Status.CurrentNumberScheduled, half.Status.NumberAvailable, half.Status.NumberUnavailable));

        await ReadyAsync(kit, 3);
        Assert.All(await kit.PodsAsync(3), pod => Assert.Equal("2", pod.Metadata.Annotations["v"]));
    }

    [Fact]
    public async Task Pod_Failed_IsReplacedWithAnEventAndSlowerEachTime()
    {
        var kit = await NewAsync(cluster);
        await using var nodes = await Nodes.NewAsync(kit, 1);
        await CreateAsync(kit);
        for (var i = 0; i < 2; i++)
        {
            var pod = (await kit.PodsAsync(1))[0];
            await kit.Client.PatchNamespacedPodStatusAsync(
                new V1Patch("""{"status":{"phase":"Failed","reason":"Evicted"}}""", V1Patch.PatchType.MergePatch), pod.Metadata.Name, kit.Namespace);

            await Eventually.TrueAsync(async () => await kit.PodsAsync() is [var other] && other.Metadata.Uid != pod.Metadata.Uid, "another pod");
            await kit.SaidAsync("FailedDaemonPod", $"Found failed daemon pod {kit.Namespace}/{pod.Metadata.Name} on node {nodes.Names[0]}, will try to kill it");
        }
    }

    [Fact]
    public async Task Node_ThatNoLongerMatches_LosesItsPod()
    {
        var kit = await NewAsync(cluster);
        await using var nodes = await Nodes.NewAsync(kit, 2);
        await CreateAsync(kit);
        await kit.PodsAsync(2);

        await kit.Client.PatchNodeAsync(new V1Patch($$"""{"metadata":{"labels":{"{{kit.Namespace}}":null} } }""", V1Patch.PatchType.MergePatch), nodes.Names[0]);

        // A change of a node wakes the controller for pods that are bound there; these are bound nowhere.
        await PatchAsync(kit, """{"metadata":{"annotations":{"look":"again"}}}""");

        var left = Assert.Single(await kit.PodsAsync(1));
        Assert.Equal(nodes.Names[1], left.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms[0].MatchFields[0].Values[0]);
        await SetAsync(kit, found => found.Status is { DesiredNumberScheduled: 1, CurrentNumberScheduled: 1, NumberMisscheduled: 0 });
    }

    [Fact]
    public async Task Delete_Orphan_LeavesPodsAndHistoryThatTheNextOneAdopts()
    {
        var kit = await NewAsync(cluster);
        await using var nodes = await Nodes.NewAsync(kit, 2);
        await CreateAsync(kit);
        await ReadyAsync(kit, 2);
        var before = (await kit.PodsAsync(2)).Select(pod => pod.Metadata.Uid).Order().ToList();
        await kit.Client.DeleteNamespacedDaemonSetAsync("agent", kit.Namespace, propagationPolicy: "Orphan");
        await Eventually.TrueAsync(async () => (await kit.Client.ListNamespacedDaemonSetAsync(kit.Namespace)).Items.Count == 0, "no set");

        await CreateAsync(kit);

        await SetAsync(kit, found => found.Status is { NumberReady: 2, UpdatedNumberScheduled: 2 });
        Assert.Equal(before, (await kit.PodsAsync(2)).Select(pod => pod.Metadata.Uid).Order());
        Assert.Equal("agent", Assert.Single((await kit.Client.ListNamespacedControllerRevisionAsync(kit.Namespace)).Items).Metadata.OwnerReferences.Single().Name);
    }

    private static Task<V1DaemonSet> CreateAsync(WorkloadKit kit)
    {
        var template = Template("agent");
        template.Spec.NodeSelector = new Dictionary<string, string> { [kit.Namespace] = "yes" };
        return kit.Client.CreateNamespacedDaemonSetAsync(
            new V1DaemonSet
            {
                Metadata = new V1ObjectMeta { Name = "agent" },
                Spec = new V1DaemonSetSpec { Selector = new V1LabelSelector { MatchLabels = Labels("agent") }, Template = template },
            }, kit.Namespace);
    }

    private static Task<V1DaemonSet> PatchAsync(WorkloadKit kit, string patch) =>
        kit.Client.PatchNamespacedDaemonSetAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "agent", kit.Namespace);

    private static async Task<V1DaemonSet> SetAsync(WorkloadKit kit, Func<V1DaemonSet, bool> wanted)
    {
        V1DaemonSet? set = null;
        await Eventually.TrueAsync(async () => wanted(set = await kit.Client.ReadNamespacedDaemonSetAsync("agent", kit.Namespace)), "the DaemonSet as wanted");
        return set!;
    }

    private static Task ReadyAsync(WorkloadKit kit, int count) => kit.ReadyUntilAsync(
        async () => (await SetAsync(kit, _ => true)) is var set && set.Status.ObservedGeneration == set.Metadata.Generation && set.Status.NumberAvailable == count
            && set.Status.UpdatedNumberScheduled == count,
        "the rollout");

    /// <summary>Nodes without a kubelet, labelled for one namespace.</summary>
    private sealed class Nodes(WorkloadKit kit, IReadOnlyList<string> names) : IAsyncDisposable
    {
        public IReadOnlyList<string> Names => names;

        public static async Task<Nodes> NewAsync(WorkloadKit kit, int count)
        {
            var names = Enumerable.Range(0, count).Select(i => $"{kit.Namespace}-{i}").ToList();
            foreach (var name in names)
            {
                await kit.Client.CreateNodeAsync(new V1Node { Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { [kit.Namespace] = "yes" } } });
                var now = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
                await kit.Client.PatchNodeStatusAsync(
                    new V1Patch(
                        $$"""{"status":{"conditions":[{"type":"Ready","status":"True","reason":"Said","message":"","lastHeartbeatTime":"{{now}}","lastTransitionTime":"{{now}}"}]} }""",
                        V1Patch.PatchType.StrategicMergePatch),
                    name);
            }

            return new Nodes(kit, names);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var name in names)
            {
                await kit.Client.DeleteNodeAsync(name);
            }
        }
    }
}

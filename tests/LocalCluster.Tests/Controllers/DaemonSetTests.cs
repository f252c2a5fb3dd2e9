using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>DaemonSets on the cluster's one node.</summary>
public sealed class DaemonSetTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Create_RunsOnePodThatIsMeantForItsNodeAndBearsItsTaints()
    {
        var ns = await cluster.NewNamespaceAsync();
        var made = await CreateAsync(ns);
        Assert.Equal("1", made.Metadata.Annotations["deprecated.daemonset.template.generation"]);

        var set = await SetAsync(ns, found => found.Status.NumberAvailable == 1);

        var pod = Assert.Single(await PodsAsync(ns));
        Assert.Matches("^agent-[bcdfghjklmnpqrstvwxz2456789]{5}$", pod.Metadata.Name);
        var term = Assert.Single(pod.Spec.Affinity.NodeAffinity.RequiredDuringSchedulingIgnoredDuringExecution.NodeSelectorTerms);
        Assert.Equal(("metadata.name", "In", pod.Spec.NodeName), (term.MatchFields[0].Key, term.MatchFields[0].OperatorProperty, term.MatchFields[0].Values.Single()));
        Assert.Equal(
            ["disk-pressure:NoSchedule", "memory-pressure:NoSchedule", "not-ready:NoExecute", "pid-pressure:NoSchedule", "unreachable:NoExecute", "unschedulable:NoSchedule"],
            pod.Spec.Tolerations.Select(toleration => $"{toleration.Key.Split('/')[1]}:{toleration.Effect}").Order(StringComparer.Ordinal));
        Assert.All(pod.Spec.Tolerations, toleration => Assert.Null(toleration.TolerationSeconds));
        var revision = Assert.Single(await RevisionsAsync(ns));
        Assert.Equal((1L, $"agent-{pod.Metadata.Labels["controller-revision-hash"]}"), (revision.Revision, revision.Metadata.Name));
        Assert.Equal("1", pod.Metadata.Labels["pod-template-generation"]);
        Assert.Equal((1, 1, 1, 1, 0, 1L), (
            set.Status.DesiredNumberScheduled, set.Status.CurrentNumberScheduled, set.Status.NumberReady, set.Status.UpdatedNumberScheduled, set.Status.NumberMisscheduled,
            set.Status.ObservedGeneration));
        Assert.Contains(await cluster.EventsAsync(ns), known => known.Message == $"Created pod: {pod.Metadata.Name}");
    }

    [Fact]
    public async Task Update_Template_ReplacesInPlaceAndUndoBringsItsRevisionBack()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns);
        await SetAsync(ns, found => found.Status.NumberAvailable == 1);

        await PatchAsync(ns, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        await SetAsync(ns, IsRolledOut);
        Assert.Equal("2", Assert.Single(await PodsAsync(ns), pod => pod.Metadata.DeletionTimestamp is null).Metadata.Annotations["v"]);

        var first = (await RevisionsAsync(ns)).Single(revision => revision.Revision == 1);
        await PatchAsync(ns, System.Text.Json.JsonSerializer.Serialize(first.Data));

        var set = await SetAsync(ns, IsRolledOut);
        Assert.Equal("3", set.Metadata.Annotations["deprecated.daemonset.template.generation"]);
        Assert.Null(Assert.Single(await PodsAsync(ns), pod => pod.Metadata.DeletionTimestamp is null).Metadata.Annotations);
        Assert.Equal([2L, 3L], (await RevisionsAsync(ns)).Select(revision => revision.Revision).Order());
    }

    [Fact]
    public async Task Update_Surge_StartsTheNewBeforeTheOldEnds()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns, spec => spec.UpdateStrategy = new V1DaemonSetUpdateStrategy
        {
            Type = "RollingUpdate",
            RollingUpdate = new V1RollingUpdateDaemonSet { MaxSurge = "1", MaxUnavailable = "0" },
        });
        await SetAsync(ns, found => found.Status.NumberAvailable == 1);
        var old = Assert.Single(await PodsAsync(ns)).Metadata.Name;

        await PatchAsync(ns, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        await SetAsync(ns, IsRolledOut);
        await cluster.GoneAsync(ns, old);

        var events = (await cluster.EventsAsync(ns)).Where(known => known.InvolvedObject.Kind == "DaemonSet").Select(known => known.Reason).ToList();
        Assert.Equal(["SuccessfulCreate", "SuccessfulCreate", "SuccessfulDelete"], events);
    }

    [Fact]
    public async Task Update_OnDelete_ReplacesOnlyWhatIsDeleted()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns, spec => spec.UpdateStrategy = new V1DaemonSetUpdateStrategy { Type = "OnDelete" });
        await SetAsync(ns, found => found.Status.NumberAvailable == 1);
        await PatchAsync(ns, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        await SetAsync(ns, found => found.Status is { ObservedGeneration: 2, UpdatedNumberScheduled: null or 0 });
        var old = Assert.Single(await PodsAsync(ns)).Metadata.Name;

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync(old, ns, cancellationToken: Ct);

        await SetAsync(ns, IsRolledOut);
    }

    [Fact]
    public async Task NodeSelector_ThatNoNodeHas_WantsNothing()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns, spec => spec.Template.Spec.NodeSelector = new Dictionary<string, string> { ["no-such"] = "node" });

        await SetAsync(ns, found => found.Status is { ObservedGeneration: 1, DesiredNumberScheduled: 0 });

        Assert.Empty(await PodsAsync(ns));
    }

    private static bool IsRolledOut(V1DaemonSet set) =>
        set.Status.ObservedGeneration == set.Metadata.Generation && set.Status is { UpdatedNumberScheduled: 1, NumberAvailable: 1 };

    private Task<V1DaemonSet> CreateAsync(string ns, Action<V1DaemonSetSpec>? change = null)
    {
        var set = new V1DaemonSet
        {
            Metadata = new V1ObjectMeta { Name = "agent" },
            Spec = new V1DaemonSetSpec
            {
                Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "agent" } },
                Template = new V1PodTemplateSpec
                {
                    Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "agent" } },
                    Spec = new V1PodSpec
                    {
                        AutomountServiceAccountToken = false,
                        TerminationGracePeriodSeconds = 1,
                        Containers = [Shell("main", "trap 'exit 0' TERM; while true; do sleep 0.1; done")],
                    },
                },
            },
        };
        change?.Invoke(set.Spec);
        return cluster.Client.AppsV1.CreateNamespacedDaemonSetAsync(set, ns, cancellationToken: Ct);
    }

    private Task<V1DaemonSet> PatchAsync(string ns, string patch) =>
        cluster.Client.AppsV1.PatchNamespacedDaemonSetAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "agent", ns, cancellationToken: Ct);

    private async Task<V1DaemonSet> SetAsync(string ns, Func<V1DaemonSet, bool> wanted)
    {
        V1DaemonSet? set = null;
        await EventuallyAsync(async () => wanted(set = await cluster.Client.AppsV1.ReadNamespacedDaemonSetAsync("agent", ns, cancellationToken: Ct)));
        return set!;
    }

    private async Task<IList<V1Pod>> PodsAsync(string ns) => (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items;

    private async Task<IList<V1ControllerRevision>> RevisionsAsync(string ns) =>
        (await cluster.Client.AppsV1.ListNamespacedControllerRevisionAsync(ns, cancellationToken: Ct)).Items;
}

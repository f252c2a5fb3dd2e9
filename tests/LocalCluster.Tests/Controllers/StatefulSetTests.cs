using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Controllers;

public sealed class StatefulSetTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    [Trait("needs", "containers")]
    public async Task Create_Ordered_MakesOneAfterTheOtherWithTheirIdentity()
    {
        var ns = await cluster.NewNamespaceAsync();
        var set = NewSet(2);
        set.Spec.Template.Spec.Containers[0].ReadinessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["test", "-e", "/tmp/ready"] }, PeriodSeconds = 1, TimeoutSeconds = 20 };
        await CreateAsync(ns, set);
        await cluster.PodAsync(ns, "db-0", pod => pod.Status?.ContainerStatuses?[0].State.Running is not null);
        Assert.Single(await PodsAsync(ns));

        await cluster.ExecAsync(ns, "db-0", "main", "touch", "/tmp/ready");

        var second = await cluster.PodAsync(ns, "db-1", pod => pod.Status?.ContainerStatuses?[0].State.Running is not null);
        Assert.Equal(("db-1", "db"), (second.Spec.Hostname, second.Spec.Subdomain));
        Assert.Equal("db-1", second.Metadata.Labels["statefulset.kubernetes.io/pod-name"]);
        Assert.Equal("1", second.Metadata.Labels["apps.kubernetes.io/pod-index"]);
        Assert.Equal("db-1\n", (await cluster.ExecAsync(ns, "db-1", "main", "hostname")).Output);
        Assert.Contains(await cluster.EventsAsync(ns), known => known.Message == "Create Pod db-0 in StatefulSet db successful");
    }

    [Fact]
    public async Task Update_Template_RollsFromTheHighestDownAndReportsRevisions()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns, NewSet(2, "Parallel"));
        var before = await SetAsync(ns, set => set.Status is { ReadyReplicas: 2, CurrentRevision: not null });

        await PatchAsync(ns, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");

        var after = await SetAsync(ns, set => set.Status.UpdateRevision != before.Status.CurrentRevision && set.Status.CurrentRevision == set.Status.UpdateRevision);
        Assert.Equal((2, 2, 2), (after.Status.Replicas, after.Status.ReadyReplicas, after.Status.UpdatedReplicas));
        Assert.All(await PodsAsync(ns), pod => Assert.Equal("2", pod.Metadata.Annotations["v"]));
        var deletions = (await cluster.EventsAsync(ns)).Where(known => known.Reason == "SuccessfulDelete").Select(known => known.Message).ToList();
        Assert.Equal(["Delete Pod db-1 in StatefulSet db successful", "Delete Pod db-0 in StatefulSet db successful"], deletions);
    }

    [Fact]
    public async Task Update_WithPartition_LeavesLowerOrdinals()
    {
        var ns = await cluster.NewNamespaceAsync();
        var set = NewSet(2, "Parallel");
        set.Spec.UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "RollingUpdate", RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = 1 } };
        await CreateAsync(ns, set);
        await SetAsync(ns, found => found.Status is { ReadyReplicas: 2 });

        await PatchAsync(ns, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");

        await cluster.PodAsync(ns, "db-1", pod => pod.Metadata.Annotations?.ContainsKey("v") == true && IsReady(pod));
        var status = (await SetAsync(ns, found => found.Status is { UpdatedReplicas: 1, ReadyReplicas: 2 })).Status;
        Assert.NotEqual(status.CurrentRevision, status.UpdateRevision);
        Assert.Null((await cluster.PodAsync(ns, "db-0", _ => true)).Metadata.Annotations);
    }

    [Fact]
    public async Task Update_OnDelete_ReplacesOnlyWhatIsDeleted()
    {
        var ns = await cluster.NewNamespaceAsync();
        var set = NewSet(1);
        set.Spec.UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "OnDelete" };
        await CreateAsync(ns, set);
        var old = await cluster.ReadyPodAsync(ns, "db-0");
        await PatchAsync(ns, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        await SetAsync(ns, found => found.Status.ObservedGeneration == 2 && found.Status.UpdatedReplicas is null or 0);

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("db-0", ns, cancellationToken: Ct);

        var replaced = await cluster.PodAsync(ns, "db-0", pod => pod.Metadata.Uid != old.Metadata.Uid && IsReady(pod));
        Assert.Equal("2", replaced.Metadata.Annotations["v"]);
    }

    [Fact]
    public async Task Scale_Down_RemovesTheHighestFirst()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns, NewSet(2, "Parallel"));
        await SetAsync(ns, set => set.Status is { ReadyReplicas: 2 });

        await PatchAsync(ns, """{"spec":{"replicas":1}}""");

        await cluster.GoneAsync(ns, "db-1");
        Assert.Equal("db-0", Assert.Single(await PodsAsync(ns)).Metadata.Name);
    }

    [Fact]
    public async Task Update_CorrectedImage_StaysStuckUntilScaledToZeroAndBack()
    {
        var ns = await cluster.NewNamespaceAsync();
        var set = NewSet(1);
        set.Spec.Template.Spec.Containers[0].Image = "none/such";
        await CreateAsync(ns, set);
        var stuck = await cluster.PodAsync(ns, "db-0", pod => pod.Status?.ContainerStatuses?[0].State.Waiting?.Reason == "ImagePullBackOff");
        await PatchAsync(ns, $$"""{"spec": {"template": {"spec": {"containers": [{"name": "main", "image": "{{Image}}"}] } } } }""");
        await SetAsync(ns, found => found.Status.ObservedGeneration == 2);
        Assert.Equal(stuck.Metadata.Uid, (await cluster.PodAsync(ns, "db-0", _ => true)).Metadata.Uid);

        await PatchAsync(ns, """{"spec":{"replicas":0}}""");
        await cluster.GoneAsync(ns, "db-0");
        await PatchAsync(ns, """{"spec":{"replicas":1}}""");

        await cluster.ReadyPodAsync(ns, "db-0");
    }

    [Fact]
    [Trait("needs", "containers")]
    public async Task Create_ClaimTemplates_GiveEachPodItsOwnClaim()
    {
        var ns = await cluster.NewNamespaceAsync();
        var set = NewSet(1);
        set.Spec.VolumeClaimTemplates =
        [
            new V1PersistentVolumeClaim
            {
                Metadata = new V1ObjectMeta { Name = "data" },
                Spec = new V1PersistentVolumeClaimSpec
                {
                    AccessModes = ["ReadWriteOnce"],
                    Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
                },
            },
        ];
        set.Spec.Template.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "data", MountPath = "/data" }];
        await CreateAsync(ns, set);
        await cluster.ReadyPodAsync(ns, "db-0");
        await cluster.ExecAsync(ns, "db-0", "main", "sh", "-c", "echo kept > /data/file");

        await cluster.Client.CoreV1.DeleteNamespacedPodAsync("db-0", ns, gracePeriodSeconds: 0, cancellationToken: Ct);

        await EventuallyAsync(async () =>
        {
            var pod = (await PodsAsync(ns)).FirstOrDefault();
            return pod is not null && IsReady(pod) && pod.Metadata.DeletionTimestamp is null;
        });
        await EventuallyAsync(async () => (await cluster.ExecAsync(ns, "db-0", "main", "cat", "/data/file")).Output == "kept\n");
        Assert.Equal("data-db-0", Assert.Single((await cluster.Client.CoreV1.ListNamespacedPersistentVolumeClaimAsync(ns, cancellationToken: Ct)).Items).Metadata.Name);
    }

    [Fact]
    [Trait("needs", "containers")]
    public async Task Service_OfPods_FollowsTheirReadiness()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.Client.CoreV1.CreateNamespacedServiceAsync(
            new V1Service
            {
                Metadata = new V1ObjectMeta { Name = "db" },
                Spec = new V1ServiceSpec { ClusterIP = "None", Selector = new Dictionary<string, string> { ["app"] = "db" }, Ports = [new V1ServicePort { Port = 5432 }] },
            }, ns, cancellationToken: Ct);
        var set = NewSet(1);
        set.Spec.Template.Spec.Containers[0].ReadinessProbe = new V1Probe { Exec = new V1ExecAction { Command = ["test", "-e", "/tmp/ready"] }, PeriodSeconds = 1, FailureThreshold = 1, TimeoutSeconds = 20 };
        await CreateAsync(ns, set);
        await EventuallyAsync(async () => await ReadyEndpointsAsync(ns) is [false]);
        await cluster.PodAsync(ns, "db-0", pod => pod.Status?.ContainerStatuses?[0].State.Running is not null);

        await cluster.ExecAsync(ns, "db-0", "main", "touch", "/tmp/ready");

        await EventuallyAsync(async () => await ReadyEndpointsAsync(ns) is [true]);
    }

    private static V1StatefulSet NewSet(int replicas, string policy = "OrderedReady") => new()
    {
        Metadata = new V1ObjectMeta { Name = "db" },
        Spec = new V1StatefulSetSpec
        {
            ServiceName = "db",
            Replicas = replicas,
            PodManagementPolicy = policy,
            Selector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["app"] = "db" } },
            Template = new V1PodTemplateSpec
            {
                Metadata = new V1ObjectMeta { Labels = new Dictionary<string, string> { ["app"] = "db" } },
                Spec = new V1PodSpec
                {
                    AutomountServiceAccountToken = false,
                    TerminationGracePeriodSeconds = 1,
                    Containers = [Shell("main", "trap 'exit 0' TERM; while true; do sleep 0.1; done")],
                },
            },
        },
    };

    private Task<V1StatefulSet> CreateAsync(string ns, V1StatefulSet set) => cluster.Client.AppsV1.CreateNamespacedStatefulSetAsync(set, ns, cancellationToken: Ct);

    private Task<V1StatefulSet> PatchAsync(string ns, string patch) =>
        cluster.Client.AppsV1.PatchNamespacedStatefulSetAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "db", ns, cancellationToken: Ct);

    private async Task<IList<V1Pod>> PodsAsync(string ns) => (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items;

    private async Task<V1StatefulSet> SetAsync(string ns, Func<V1StatefulSet, bool> wanted)
    {
        V1StatefulSet? set = null;
        await EventuallyAsync(async () => wanted(set = await cluster.Client.AppsV1.ReadNamespacedStatefulSetAsync("db", ns, cancellationToken: Ct)));
        return set!;
    }

    private async Task<bool[]> ReadyEndpointsAsync(string ns) =>
    [
        .. (await cluster.Client.DiscoveryV1.ListNamespacedEndpointSliceAsync(ns, cancellationToken: Ct)).Items
            .SelectMany(slice => slice.Endpoints ?? []).Select(endpoint => endpoint.Conditions.Ready == true),
    ];
}

using System.Text.Json;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;
using static Workspaces.LocalCluster.Tests.Controllers.WorkloadKit;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>StatefulSets whose pods are as ready as the test says: see <see cref="WorkloadKit"/>.</summary>
public sealed class StatefulSetControlTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Create_Parallel_MakesAllAtOnceFromTheFirstOrdinal()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 3, spec =>
        {
            spec.PodManagementPolicy = "Parallel";
            spec.Ordinals = new V1StatefulSetOrdinals { Start = 5 };
        });

        Assert.Equal(["db-5", "db-6", "db-7"], await NamesAsync(kit, 3));
        var set = await SetAsync(kit, found => found.Status is { Replicas: 3, UpdatedReplicas: 3, CurrentReplicas: 3 });
        Assert.Equal((set.Status.UpdateRevision, 0), (set.Status.CurrentRevision, set.Status.CollisionCount));
        var pod = (await kit.PodsAsync())[0];
        Assert.Equal(("db-", set.Status.UpdateRevision), (pod.Metadata.GenerateName, pod.Metadata.Labels["controller-revision-hash"]));
        await kit.SaidAsync("SuccessfulCreate", "Create Pod db-5 in StatefulSet db successful");
    }

    [Fact]
    public async Task Create_Ordered_WaitsUntilEachIsAvailable()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 2, spec => spec.MinReadySeconds = 2);
        await NamesAsync(kit, 1);
        await kit.SayRunningAsync("db-0");

        await SetAsync(kit, found => found.Status is { ReadyReplicas: 1, AvailableReplicas: 0 });

        Assert.Equal(["db-0", "db-1"], await NamesAsync(kit, 2));
        await SetAsync(kit, found => found.Status is { ReadyReplicas: 1, AvailableReplicas: 1 });
    }

    [Fact]
    public async Task Create_RefusedPod_SaysWhyInTheServersWords()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 2, spec => spec.Template.Spec.ServiceAccountName = "missing");

        Assert.Equal(
            $"Create Pod db-0 in StatefulSet db failed error: pods \"db-0\" is forbidden: error looking up service account {kit.Namespace}/missing: serviceaccount \"missing\" not found",
            Assert.Single(await kit.EventsAsync("FailedCreate", 1)));
        await SetAsync(kit, found => found.Status is { ObservedGeneration: 1, Replicas: 0 });
    }

    [Fact]
    public async Task Scale_DownWithRetentionDelete_TakesTheClaimsOfThePodsThatWent()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 2, spec =>
        {
            spec.PodManagementPolicy = "Parallel";
            spec.VolumeClaimTemplates = [Claim()];
            spec.PersistentVolumeClaimRetentionPolicy = new V1StatefulSetPersistentVolumeClaimRetentionPolicy { WhenDeleted = "Delete", WhenScaled = "Delete" };
        });
        await NamesAsync(kit, 2);
        Assert.Equal(["data-db-0", "data-db-1"], await ClaimsAsync(kit));
        await Eventually.TrueAsync(async () => await OwnersOfClaimAsync(kit, "data-db-1") is ["StatefulSet"], "claims of the set");

        await PatchAsync(kit, """{"spec":{"replicas":1}}""");
        await Eventually.TrueAsync(async () => await ClaimsAsync(kit) is ["data-db-0"], "one claim");

        await kit.Client.DeleteNamespacedStatefulSetAsync("db", kit.Namespace);
        await Eventually.TrueAsync(async () => (await ClaimsAsync(kit)).Count == 0, "no claims");
    }

    [Fact]
    public async Task Scale_DownWithRetentionRetain_KeepsTheClaims()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 2, spec =>
        {
            spec.PodManagementPolicy = "Parallel";
            spec.VolumeClaimTemplates = [Claim()];
        });
        await NamesAsync(kit, 2);

        await PatchAsync(kit, """{"spec":{"replicas":0}}""");
        await kit.PodsAsync(0);

        Assert.Equal(["data-db-0", "data-db-1"], await ClaimsAsync(kit));
        Assert.Empty(await OwnersOfClaimAsync(kit, "data-db-0"));
    }

    [Fact]
    public async Task Update_AndBack_RenumbersTheRevisionAndKeepsAsManyAsAsked()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 1, spec => spec.RevisionHistoryLimit = 1);
        await RolledOutAsync(kit);
        var first = Assert.Single(await RevisionsAsync(kit));
        await PatchAsync(kit, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        await RolledOutAsync(kit);

        await PatchAsync(kit, JsonSerializer.Serialize(first.Data));
        var back = await RolledOutAsync(kit);

        Assert.Equal(first.Metadata.Name, back.Status.CurrentRevision);
        Assert.Equal([2L, 3L], (await RevisionsAsync(kit)).Select(revision => revision.Revision).Order());
        Assert.Null((await kit.PodsAsync()).Single().Metadata.Annotations);

        await PatchAsync(kit, """{"spec":{"template":{"metadata":{"annotations":{"v":"4"}}}}}""");
        await RolledOutAsync(kit);
        await Eventually.TrueAsync(async () => (await RevisionsAsync(kit)).Select(revision => revision.Revision).Order().ToList() is [3L, 4L], "one old revision");
    }

    [Fact]
    public async Task Update_Partition_LowersOneByOneAndReportsBothRevisions()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 3, spec =>
        {
            spec.PodManagementPolicy = "Parallel";
            spec.UpdateStrategy = new V1StatefulSetUpdateStrategy { Type = "RollingUpdate", RollingUpdate = new V1RollingUpdateStatefulSetStrategy { Partition = 2 } };
        });
        await RolledOutAsync(kit);
        await PatchAsync(kit, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");
        await kit.ReadyUntilAsync(async () => (await SetAsync(kit, _ => true)).Status is { UpdatedReplicas: 1, ReadyReplicas: 3, ObservedGeneration: 2 }, "one new pod");
        var half = await SetAsync(kit, found => found.Status is { CurrentReplicas: 2 });
        Assert.NotEqual(half.Status.CurrentRevision, half.Status.UpdateRevision);

        // A pod of the old part that is made anew is of the old revision.
        await kit.Client.DeleteNamespacedPodAsync("db-0", kit.Namespace);
        await kit.ReadyUntilAsync(async () => (await SetAsync(kit, _ => true)).Status.ReadyReplicas == 3, "three pods");
        Assert.Null((await kit.Client.ReadNamespacedPodAsync("db-0", kit.Namespace)).Metadata.Annotations);

        await PatchAsync(kit, """{"spec":{"updateStrategy":{"rollingUpdate":{"partition":0}}}}""");
        await RolledOutAsync(kit);
        Assert.All(await kit.PodsAsync(), pod => Assert.Equal("2", pod.Metadata.Annotations["v"]));
    }

    [Fact]
    public async Task Update_ToABadRevisionAndBack_StaysStuckUntilThePodIsDeleted()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 2);
        await RolledOutAsync(kit);
        await PatchAsync(kit, """{"spec":{"template":{"metadata":{"annotations":{"v":"bad"}}}}}""");
        await Eventually.TrueAsync(async () => (await kit.PodsAsync()).Any(pod => pod.Metadata.Annotations?.ContainsKey("v") == true), "a pod of the bad revision");
        await PatchAsync(kit, """{"spec":{"template":{"metadata":{"annotations":null}}}}""");
        await SetAsync(kit, found => found.Status.ObservedGeneration == 3 && found.Status.UpdateRevision == found.Status.CurrentRevision);
        Assert.Contains(await kit.PodsAsync(), pod => pod.Metadata.Annotations?.ContainsKey("v") == true);

        await kit.Client.DeleteNamespacedPodAsync("db-1", kit.Namespace);

        await RolledOutAsync(kit);
        Assert.All(await kit.PodsAsync(2), pod => Assert.Null(pod.Metadata.Annotations));
    }

    [Fact]
    public async Task Scale_DownOrdered_RemovesOneAfterTheOther()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 3);
        await RolledOutAsync(kit);

        await PatchAsync(kit, """{"spec":{"replicas":0}}""");

        await kit.PodsAsync(0);
        Assert.Equal([2, 1, 0], (await kit.EventsAsync("SuccessfulDelete", 3)).Select(text => int.Parse(text["Delete Pod db-".Length..].Split(' ')[0], null)));
    }

    [Fact]
    public async Task Delete_Orphan_LeavesPodsThatTheNextOneAdopts()
    {
        var kit = await NewAsync(cluster);
        await CreateAsync(kit, 2);
        await RolledOutAsync(kit);
        var before = (await kit.PodsAsync(2)).Select(pod => pod.Metadata.Uid).Order().ToList();
        await kit.Client.DeleteNamespacedStatefulSetAsync("db", kit.Namespace, propagationPolicy: "Orphan");
        await Eventually.TrueAsync(async () => (await kit.Client.ListNamespacedStatefulSetAsync(kit.Namespace)).Items.Count == 0, "no set");

        await CreateAsync(kit, 2);
        var again = await RolledOutAsync(kit);

        var pods = await kit.PodsAsync(2);
        Assert.Equal(before, pods.Select(pod => pod.Metadata.Uid).Order());
        Assert.All(pods, pod => Assert.Equal(again.Metadata.Uid, pod.Metadata.OwnerReferences.Single().Uid));
    }

    private static V1PersistentVolumeClaim Claim() => new()
    {
        Metadata = new V1ObjectMeta { Name = "data" },
        Spec = new V1PersistentVolumeClaimSpec
        {
            AccessModes = ["ReadWriteOnce"],
            Resources = new V1VolumeResourceRequirements { Requests = new Dictionary<string, ResourceQuantity> { ["storage"] = new("1Gi") } },
        },
    };

    private static Task<V1StatefulSet> CreateAsync(WorkloadKit kit, int replicas, Action<V1StatefulSetSpec>? change = null)
    {
        var set = new V1StatefulSet
        {
            Metadata = new V1ObjectMeta { Name = "db" },
            Spec = new V1StatefulSetSpec { ServiceName = "db", Replicas = replicas, Selector = new V1LabelSelector { MatchLabels = Labels("db") }, Template = Template("db") },
        };
        change?.Invoke(set.Spec);
        return kit.Client.CreateNamespacedStatefulSetAsync(set, kit.Namespace);
    }

    private static Task<V1StatefulSet> PatchAsync(WorkloadKit kit, string patch) =>
        kit.Client.PatchNamespacedStatefulSetAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "db", kit.Namespace);

    private static async Task<V1StatefulSet> SetAsync(WorkloadKit kit, Func<V1StatefulSet, bool> wanted)
    {
        V1StatefulSet? set = null;
        await Eventually.TrueAsync(
            async () => wanted(set = await kit.Client.ReadNamespacedStatefulSetAsync("db", kit.Namespace)), $"the StatefulSet as wanted, but {JsonSerializer.Serialize(set?.Status)}");
        return set!;
    }

    private static async Task<V1StatefulSet> RolledOutAsync(WorkloadKit kit)
    {
        await kit.ReadyUntilAsync(
            async () => (await SetAsync(kit, _ => true)) is var set && set.Status.ObservedGeneration == set.Metadata.Generation && set.Status.CurrentRevision == set.Status.UpdateRevision
                && set.Status.ReadyReplicas == set.Spec.Replicas && set.Status.Replicas == set.Spec.Replicas && set.Status.UpdatedReplicas == set.Spec.Replicas,
            "the rollout");
        return await SetAsync(kit, _ => true);
    }

    private static async Task<List<string>> NamesAsync(WorkloadKit kit, int count) => [.. (await kit.PodsAsync(count)).Select(pod => pod.Metadata.Name).Order(StringComparer.Ordinal)];

    private static async Task<List<string>> ClaimsAsync(WorkloadKit kit) =>
        [.. (await kit.Client.ListNamespacedPersistentVolumeClaimAsync(kit.Namespace)).Items.Select(claim => claim.Metadata.Name).Order(StringComparer.Ordinal)];

    private static async Task<List<string>> OwnersOfClaimAsync(WorkloadKit kit, string claim) =>
        [.. ((await kit.Client.ReadNamespacedPersistentVolumeClaimAsync(claim, kit.Namespace)).Metadata.OwnerReferences ?? []).Select(owner => owner.Kind)];

    private static async Task<IList<V1ControllerRevision>> RevisionsAsync(WorkloadKit kit) => (await kit.Client.ListNamespacedControllerRevisionAsync(kit.Namespace)).Items;
}

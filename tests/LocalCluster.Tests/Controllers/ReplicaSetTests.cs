using System.Net;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;
using static Workspaces.LocalCluster.Tests.Controllers.WorkloadKit;

namespace Workspaces.LocalCluster.Tests.Controllers;

public sealed class ReplicaSetTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Create_MakesPendingPodsNamedAfterIt()
    {
        var kit = await NewAsync(cluster);
        var set = await kit.CreateAsync(ReplicaSet("web", 3));

        var pods = await kit.PodsAsync(3);

        Assert.All(pods, pod =>
        {
            Assert.Matches("^web-[bcdfghjklmnpqrstvwxz2456789]{5}$", pod.Metadata.Name);
            Assert.Equal("web-", pod.Metadata.GenerateName);
            Assert.Equal("Pending", pod.Status.Phase);
            var owner = Assert.Single(pod.Metadata.OwnerReferences);
            Assert.Equal((set.Metadata.Uid, "ReplicaSet", true, true), (owner.Uid, owner.Kind, owner.Controller, owner.BlockOwnerDeletion));
        });
        Assert.Equal(pods.Select(pod => $"Created pod: {pod.Metadata.Name}").Order(), (await kit.EventsAsync("SuccessfulCreate", 3)).Order());
        await kit.ReplicaSetAsync("web", found => found.Status is { Replicas: 3, FullyLabeledReplicas: 3, ReadyReplicas: null or 0, ObservedGeneration: 1 });
    }

    [Fact]
    public async Task Status_FollowsReadinessAndMinReadySeconds()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 2, spec => spec.MinReadySeconds = 2));
        var pods = await kit.PodsAsync(2);

        await kit.SayRunningAsync(pods[0].Metadata.Name);
        await kit.ReplicaSetAsync("web", found => found.Status is { ReadyReplicas: 1, AvailableReplicas: null or 0 });

        await kit.ReplicaSetAsync("web", found => found.Status is { ReadyReplicas: 1, AvailableReplicas: 1 });
    }

    [Fact]
    public async Task Scale_Down_KeepsTheReadyAndTheDear()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 4));
        var names = (await kit.PodsAsync(4)).Select(pod => pod.Metadata.Name).ToList();
        await kit.SayRunningAsync(names[1]);
        await kit.SayRunningAsync(names[2]);
        await kit.Client.PatchNamespacedPodAsync(
            new V1Patch("""{"metadata":{"annotations":{"controller.kubernetes.io/pod-deletion-cost":"10"}}}""", V1Patch.PatchType.MergePatch), names[2], kit.Namespace);
        await kit.ReplicaSetAsync("web", found => found.Status.ReadyReplicas == 2);

        await kit.Client.PatchNamespacedReplicaSetScaleAsync(new V1Patch("""{"spec":{"replicas":1}}""", V1Patch.PatchType.MergePatch), "web", kit.Namespace);

        Assert.Equal(names[2], Assert.Single(await kit.PodsAsync(1)).Metadata.Name);
        Assert.Equal(3, (await kit.EventsAsync("SuccessfulDelete", 3)).Count);
    }

    [Fact]
    public async Task Pod_Deleted_IsReplacedOnce()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 2));
        var before = await kit.PodsAsync(2);

        await kit.Client.DeleteNamespacedPodAsync(before[0].Metadata.Name, kit.Namespace);

        await Eventually.TrueAsync(async () => (await kit.EventsAsync("SuccessfulCreate")).Count == 3);
        var after = await kit.PodsAsync(2);
        Assert.Contains(after, pod => pod.Metadata.Name == before[1].Metadata.Name);
        Assert.DoesNotContain(after, pod => pod.Metadata.Name == before[0].Metadata.Name);
    }

    [Fact]
    public async Task Pod_Failed_IsReplacedAndStays()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 1));
        var failed = (await kit.PodsAsync(1))[0].Metadata.Name;

        await kit.Client.PatchNamespacedPodStatusAsync(new V1Patch("""{"status":{"phase":"Failed"}}""", V1Patch.PatchType.MergePatch), failed, kit.Namespace);

        Assert.Contains(await kit.PodsAsync(2), pod => pod.Metadata.Name == failed);
        await kit.ReplicaSetAsync("web", found => found.Status.Replicas == 1);
    }

    [Fact]
    public async Task Pod_Relabelled_IsReleasedAndLabelledBackIsTooMany()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 1));
        var pod = (await kit.PodsAsync(1))[0].Metadata.Name;

        await LabelAsync(kit, pod, "other");

        await kit.PodsAsync(2);
        await Eventually.TrueAsync(async () => (await kit.Client.ReadNamespacedPodAsync(pod, kit.Namespace)).Metadata.OwnerReferences is null or []);

        await LabelAsync(kit, pod, "web");
        await kit.PodsAsync(1);
    }

    [Fact]
    public async Task Create_OrphansThatMatch_AreAdopted()
    {
        var kit = await NewAsync(cluster);
        var template = Template("web");
        var orphan = new V1Pod { Metadata = new V1ObjectMeta { Name = "lonely", Labels = Labels("web") }, Spec = template.Spec };
        await kit.Client.CreateNamespacedPodAsync(orphan, kit.Namespace);

        var set = await kit.CreateAsync(ReplicaSet("web", 2));

        var pods = await kit.PodsAsync(2);
        await Eventually.TrueAsync(async () => (await kit.PodsAsync()).All(pod => pod.Metadata.OwnerReferences?.SingleOrDefault()?.Uid == set.Metadata.Uid));
        Assert.Contains(pods, pod => pod.Metadata.Name == "lonely");
        Assert.Single(await kit.EventsAsync("SuccessfulCreate", 1));
    }

    [Fact]
    public async Task Create_RefusedPods_SaysWhyAndTriesOnlyOneOfMany()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 50, spec => spec.Template.Spec.ServiceAccountName = "missing"));

        var set = await kit.ReplicaSetAsync("web", found => found.Status?.Conditions?.Any(condition => condition.Type == "ReplicaFailure") == true);

        var condition = set.Status.Conditions.Single();
        Assert.Equal(("True", "FailedCreate"), (condition.Status, condition.Reason));
        Assert.Matches($"""^pods "web-" is forbidden: error looking up service account {kit.Namespace}/missing: serviceaccount "missing" not found$""", condition.Message);
        await kit.SaidAsync("FailedCreate", $"Error creating: {condition.Message}");

        await kit.Client.CreateNamespacedServiceAccountAsync(new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "missing" } }, kit.Namespace);
        await kit.PodsAsync(50);
        await kit.ReplicaSetAsync("web", found => found.Status is { Replicas: 50, Conditions: null or [] });
    }

    [Fact]
    public async Task Delete_Orphan_LeavesPodsThatAnotherOneAdopts()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 2));
        var before = (await kit.PodsAsync(2)).Select(pod => pod.Metadata.Uid).Order().ToList();

        await kit.Client.DeleteNamespacedReplicaSetAsync("web", kit.Namespace, propagationPolicy: "Orphan");
        await Eventually.TrueAsync(async () => (await kit.ReplicaSetsAsync()).Count == 0);
        Assert.All(await kit.PodsAsync(2), pod => Assert.True(pod.Metadata.OwnerReferences is null or []));

        var set = await kit.CreateAsync(ReplicaSet("web", 2));
        await Eventually.TrueAsync(async () => (await kit.PodsAsync()).All(pod => pod.Metadata.OwnerReferences?.SingleOrDefault()?.Uid == set.Metadata.Uid));
        Assert.Equal(before, (await kit.PodsAsync(2)).Select(pod => pod.Metadata.Uid).Order());
    }

    [Fact]
    public async Task Delete_Background_TakesThePodsAlong()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 2));
        await kit.PodsAsync(2);

        await kit.Client.DeleteNamespacedReplicaSetAsync("web", kit.Namespace);

        await kit.PodsAsync(0);
        await Refused.WithAsync(HttpStatusCode.NotFound, () => kit.Client.ReadNamespacedReplicaSetAsync("web", kit.Namespace));
    }

    private static Task<V1Pod> LabelAsync(WorkloadKit kit, string pod, string app) => kit.Client.PatchNamespacedPodAsync(
        new V1Patch($$"""{"metadata":{"labels":{"app":"{{app}}"} } }""", V1Patch.PatchType.MergePatch), pod, kit.Namespace);
}

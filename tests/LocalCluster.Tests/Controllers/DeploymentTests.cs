using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;
using static Workspaces.LocalCluster.Tests.Controllers.WorkloadKit;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>Deployments whose pods are as ready as the test says: see <see cref="WorkloadKit"/>.</summary>
public sealed class DeploymentTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Revision = "deployment.kubernetes.io/revision";

    [Fact]
    public async Task Create_MakesAReplicaSetAndPodsNamedByTheHash()
    {
        var kit = await NewAsync(cluster);
        var deployment = await kit.CreateAsync(Deployment("web", 2));

        var pods = await kit.PodsAsync(2);

        var set = Assert.Single(await kit.ReplicaSetsAsync());
        var hash = set.Metadata.Labels["pod-template-hash"];
        Assert.Matches("^[bcdfghjklmnpqrstvwxz2456789]{6,10}$", hash);
        Assert.Equal($"web-{hash}", set.Metadata.Name);
        Assert.Equal((hash, hash), (set.Spec.Selector.MatchLabels["pod-template-hash"], set.Spec.Template.Metadata.Labels["pod-template-hash"]));
        Assert.Equal(("1", "2", "3"), (
            set.Metadata.Annotations[Revision], set.Metadata.Annotations["deployment.kubernetes.io/desired-replicas"],
            set.Metadata.Annotations["deployment.kubernetes.io/max-replicas"]));
        Assert.Equal(deployment.Metadata.Uid, set.Metadata.OwnerReferences.Single().Uid);
        Assert.All(pods, pod => Assert.StartsWith($"web-{hash}-", pod.Metadata.Name, StringComparison.Ordinal));
        Assert.Equal([$"Scaled up replica set web-{hash} from 0 to 2"], await kit.EventsAsync("ScalingReplicaSet", 1));
        var found = await kit.DeploymentAsync("web", known => known.Status is { Replicas: 2, UpdatedReplicas: 2, UnavailableReplicas: 2, ObservedGeneration: 1 });
        Assert.Equal("1", found.Metadata.Annotations[Revision]);
        Assert.Equal(("False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability."), Told(found, "Available"));
        Assert.Equal(("True", "ReplicaSetUpdated", $"ReplicaSet \"web-{hash}\" is progressing."), Told(found, "Progressing"));
    }

    [Fact]
    public async Task Status_AllAvailable_IsComplete()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 2));

        var found = await kit.RolledOutAsync("web");

        var set = Assert.Single(await kit.ReplicaSetsAsync()).Metadata.Name;
        Assert.Equal((2, 2, null), (found.Status.ReadyReplicas, found.Status.AvailableReplicas, found.Status.UnavailableReplicas));
        Assert.Equal(("True", "MinimumReplicasAvailable", "Deployment has minimum availability."), Told(found, "Available"));
        Assert.Equal(("True", "NewReplicaSetAvailable", $"ReplicaSet \"{set}\" has successfully progressed."), Told(found, "Progressing"));
        Assert.Equal(1, found.Metadata.Generation);
    }

    [Fact]
    public async Task Update_Template_NeverHasMoreOrFewerPodsThanAllowed()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 3, spec => spec.Strategy = Rolling("1", "0")));
        await kit.RolledOutAsync("web");

        await kit.SetVersionAsync("web", "2");
        var found = await kit.RolledOutAsync("web");

        var sets = await kit.ReplicaSetsAsync();
        Assert.Equal([0, 3], sets.Select(set => set.Spec.Replicas));
        Assert.Equal("2", found.Metadata.Annotations[Revision]);
        var (old, present) = (sets[0].Metadata.Name, sets[1].Metadata.Name);
        Assert.Equal(
        [
            $"Scaled up replica set {old} from 0 to 3", $"Scaled up replica set {present} from 0 to 1", $"Scaled down replica set {old} from 3 to 2",
            $"Scaled up replica set {present} from 1 to 2", $"Scaled down replica set {old} from 2 to 1", $"Scaled up replica set {present} from 2 to 3",
            $"Scaled down replica set {old} from 1 to 0",
        ], await kit.EventsAsync("ScalingReplicaSet", 7));
        Assert.All(await kit.PodsAsync(3), pod => Assert.Equal("2", pod.Metadata.Annotations["version"]));
    }

    [Fact]
    public async Task Update_NewPodsNeverReady_KeepsTheOld()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 3, spec =>
        {
            spec.Strategy = Rolling("1", "0");
            spec.ProgressDeadlineSeconds = 2;
        }));
        await kit.RolledOutAsync("web");

        await kit.SetVersionAsync("web", "2");

        var found = await kit.DeploymentAsync("web", known => Condition(known, "Progressing")?.Reason == "ProgressDeadlineExceeded");
        var present = (await kit.ReplicaSetsAsync())[1].Metadata.Name;
        Assert.Equal(("False", "ProgressDeadlineExceeded", $"ReplicaSet \"{present}\" has timed out progressing."), Told(found, "Progressing"));
        Assert.Equal("True", Condition(found, "Available")!.Status);
        Assert.Equal((4, 1, 3, 1), (found.Status.Replicas, found.Status.UpdatedReplicas, found.Status.AvailableReplicas, found.Status.UnavailableReplicas));
    }

    [Fact]
    public async Task Update_BackToTheOldTemplate_UsesItsReplicaSetWithANewRevision()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 1));
        await kit.RolledOutAsync("web");
        var first = (await kit.ReplicaSetsAsync())[0].Metadata.Name;
        await kit.SetVersionAsync("web", "2");
        await kit.RolledOutAsync("web");

        await kit.PatchDeploymentAsync("web", """{"spec":{"template":{"metadata":{"annotations":null}}}}""");
        await kit.RolledOutAsync("web");

        var sets = await kit.ReplicaSetsAsync();
        Assert.Equal(2, sets.Count);
        Assert.Equal((first, "3", "1"), (sets[1].Metadata.Name, sets[1].Metadata.Annotations[Revision], sets[1].Metadata.Annotations["deployment.kubernetes.io/revision-history"]));
        Assert.Equal("3", (await kit.DeploymentAsync("web", IsRolledOut)).Metadata.Annotations[Revision]);
    }

    [Fact]
    public async Task Update_Paused_ChangesNothingUntilResumed()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 1));
        await kit.RolledOutAsync("web");
        await kit.PatchDeploymentAsync("web", """{"spec":{"paused":true}}""");
        await kit.SetVersionAsync("web", "2");
        var paused = await kit.DeploymentAsync("web", known => known.Status.ObservedGeneration == known.Metadata.Generation && known.Metadata.Generation == 3);
        Assert.Equal(("Unknown", "DeploymentPaused", "Deployment is paused"), Told(paused, "Progressing"));
        Assert.Single(await kit.ReplicaSetsAsync());

        await kit.PatchDeploymentAsync("web", """{"spec":{"paused":null}}""");
        await kit.RolledOutAsync("web");

        Assert.Equal(2, (await kit.ReplicaSetsAsync()).Count);
    }

    [Fact]
    public async Task Update_Recreate_EndsTheOldBeforeItMakesTheNew()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 2, spec => spec.Strategy = new V1DeploymentStrategy { Type = "Recreate" }));
        await kit.RolledOutAsync("web");

        await kit.SetVersionAsync("web", "2");
        await kit.RolledOutAsync("web");

        var sets = await kit.ReplicaSetsAsync();
        Assert.Equal(
        [
            $"Scaled up replica set {sets[0].Metadata.Name} from 0 to 2", $"Scaled down replica set {sets[0].Metadata.Name} from 2 to 0",
            $"Scaled up replica set {sets[1].Metadata.Name} from 0 to 2",
        ], await kit.EventsAsync("ScalingReplicaSet", 3));
    }

    [Fact]
    public async Task Scale_DuringRollout_SpreadsInProportionAndThenFinishes()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 4, spec => spec.Strategy = Rolling("2", "0")));
        await kit.RolledOutAsync("web");
        await kit.SetVersionAsync("web", "2");
        await Eventually.TrueAsync(async () => (await kit.ReplicaSetsAsync()).Select(set => set.Spec.Replicas).ToList() is [4, 2]);

        await kit.PatchDeploymentAsync("web", """{"spec":{"replicas":10}}""");

        // 12 are allowed where 6 were: twice as many of each.
        await Eventually.TrueAsync(async () => (await kit.ReplicaSetsAsync()).Select(set => set.Spec.Replicas).ToList() is [8, 4], "8 old and 4 new");
        await kit.RolledOutAsync("web");
        Assert.All(await kit.PodsAsync(10), pod => Assert.Equal("2", pod.Metadata.Annotations["version"]));
    }

    [Fact]
    public async Task Update_TwiceInQuickSuccession_EndsWithTheLast()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 3));
        await kit.RolledOutAsync("web");

        await Task.WhenAll(kit.SetVersionAsync("web", "2"), kit.PatchDeploymentAsync("web", """{"spec":{"replicas":5}}"""));
        await kit.SetVersionAsync("web", "3");
        await kit.RolledOutAsync("web");

        Assert.All(await kit.PodsAsync(5), pod => Assert.Equal("3", pod.Metadata.Annotations["version"]));
        Assert.Equal(5, (await kit.ReplicaSetsAsync()).Sum(set => set.Spec.Replicas));
    }

    [Fact]
    public async Task Update_ManyTimes_KeepsAsManyRevisionsAsAsked()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 1, spec => spec.RevisionHistoryLimit = 2));
        await kit.RolledOutAsync("web");
        foreach (var version in (string[])["2", "3", "4", "5"])
        {
            await kit.SetVersionAsync("web", version);
            await kit.RolledOutAsync("web");
        }

        await Eventually.TrueAsync(
            async () => (await kit.ReplicaSetsAsync()).Select(set => set.Metadata.Annotations[Revision]).ToList() is ["3", "4", "5"], "two old revisions and the present one");
    }

    [Fact]
    public async Task Create_RefusedPods_ShowAsReplicaFailure()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 1, spec => spec.Template.Spec.ServiceAccountName = "missing"));

        var found = await kit.DeploymentAsync("web", known => Condition(known, "ReplicaFailure") is not null);

        var (status, reason, message) = Told(found, "ReplicaFailure");
        Assert.Equal(("True", "FailedCreate"), (status, reason));
        Assert.Contains("error looking up service account", message, StringComparison.Ordinal);
        await kit.Client.CreateNamespacedServiceAccountAsync(new V1ServiceAccount { Metadata = new V1ObjectMeta { Name = "missing" } }, kit.Namespace);
        Assert.Null(Condition(await kit.RolledOutAsync("web"), "ReplicaFailure"));
    }

    [Fact]
    public async Task Create_NameOfReplicaSetTaken_CountsTheCollisionAndTakesAnother()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 1));
        await kit.PodsAsync(1);
        var taken = (await kit.ReplicaSetsAsync())[0].Metadata.Name;
        await kit.Client.DeleteNamespacedDeploymentAsync("web", kit.Namespace, propagationPolicy: "Foreground");
        await Eventually.TrueAsync(async () => (await kit.Client.ListNamespacedDeploymentAsync(kit.Namespace)).Items.Count == 0);
        await Eventually.TrueAsync(async () => (await kit.ReplicaSetsAsync()).Count == 0);
        var other = ReplicaSet("other", 0);
        other.Metadata.Name = taken;
        await kit.CreateAsync(other);

        await kit.CreateAsync(Deployment("web", 1));

        var found = await kit.RolledOutAsync("web");
        Assert.Equal(1, found.Status.CollisionCount);
        Assert.Equal(2, (await kit.ReplicaSetsAsync()).Count);
    }

    [Fact]
    public async Task Delete_Orphan_LeavesTheReplicaSetThatTheNextOneAdopts()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 2));
        await kit.RolledOutAsync("web");
        var pods = (await kit.PodsAsync(2)).Select(pod => pod.Metadata.Uid).Order().ToList();
        await kit.Client.DeleteNamespacedDeploymentAsync("web", kit.Namespace, propagationPolicy: "Orphan");
        await Eventually.TrueAsync(async () => (await kit.Client.ListNamespacedDeploymentAsync(kit.Namespace)).Items.Count == 0);
        Assert.True((await kit.ReplicaSetsAsync())[0].Metadata.OwnerReferences is null or []);

        var again = await kit.CreateAsync(Deployment("web", 2));

        await kit.RolledOutAsync("web");
        Assert.Equal(again.Metadata.Uid, Assert.Single(await kit.ReplicaSetsAsync()).Metadata.OwnerReferences.Single().Uid);
        Assert.Equal(pods, (await kit.PodsAsync(2)).Select(pod => pod.Metadata.Uid).Order());
    }

    [Fact]
    public async Task Delete_DuringRollout_LeavesNothing()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 3));
        await kit.RolledOutAsync("web");
        await kit.SetVersionAsync("web", "2");

        await kit.Client.DeleteNamespacedDeploymentAsync("web", kit.Namespace, propagationPolicy: "Foreground");

        await kit.PodsAsync(0);
        await Eventually.TrueAsync(async () => (await kit.ReplicaSetsAsync()).Count == 0);
        await Eventually.TrueAsync(async () => (await kit.Client.ListNamespacedDeploymentAsync(kit.Namespace)).Items.Count == 0);
    }

    [Fact]
    public async Task Annotate_Deployment_ReachesItsReplicaSetButNotWhatKubectlKeeps()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 1));
        await kit.PatchDeploymentAsync("web", """{"metadata":{"annotations":{"team":"a","kubectl.kubernetes.io/last-applied-configuration":"{}"}}}""");

        await Eventually.TrueAsync(async () => (await kit.ReplicaSetsAsync()) is [{ Metadata.Annotations: { } known }] && known.TryGetValue("team", out var team) && team == "a");
        Assert.DoesNotContain("kubectl.kubernetes.io/last-applied-configuration", (await kit.ReplicaSetsAsync())[0].Metadata.Annotations.Keys);
    }

    private static V1DeploymentStrategy Rolling(string surge, string unavailable) => new()
    {
        Type = "RollingUpdate",
        RollingUpdate = new V1RollingUpdateDeployment { MaxSurge = surge, MaxUnavailable = unavailable },
    };

    private static (string Status, string Reason, string Message) Told(V1Deployment deployment, string type)
    {
        var condition = Condition(deployment, type)!;
        return (condition.Status, condition.Reason, condition.Message);
    }
}

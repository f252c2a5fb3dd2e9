using System.Net;
using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;
using static Workspaces.LocalCluster.Tests.Controllers.WorkloadKit;

namespace Workspaces.LocalCluster.Tests.Controllers;

public sealed class DisruptionTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Evict_MoreThanTheBudgetAllows_IsRefusedUntilPodsAreHealthyAgain()
    {
        var kit = await NewAsync(cluster);
        var pods = await ReadyAsync(kit, 3);
        await BudgetAsync(kit, spec => spec.MinAvailable = "2");
        var budget = await BudgetAsync(kit, found => found.Status is { DisruptionsAllowed: 1 });
        Assert.Equal((3, 2, 3), (budget.Status.CurrentHealthy, budget.Status.DesiredHealthy, budget.Status.ExpectedPods));
        Assert.Equal(("True", "SufficientPods", ""), Told(budget));

        await EvictAsync(kit, pods[0]);
        var status = await Refused.WithAsync(HttpStatusCode.TooManyRequests, () => EvictAsync(kit, pods[1]));

        Assert.Equal("Cannot evict pod as it would violate the pod's disruption budget.", status.Message);
        var cause = Assert.Single(status.Details.Causes);
        Assert.Equal("DisruptionBudget", cause.Reason);
        Assert.Equal(("False", "InsufficientPods", ""), Told(await BudgetAsync(kit, found => found.Status is { DisruptionsAllowed: 0, CurrentHealthy: 2 })));
        status = await Refused.WithAsync(HttpStatusCode.TooManyRequests, () => EvictAsync(kit, pods[1]));
        Assert.Equal("The disruption budget web needs 2 healthy pods and has 2 currently", status.Details.Causes[0].Message);

        await kit.ReadyUntilAsync(async () => (await BudgetAsync(kit, _ => true)).Status.DisruptionsAllowed == 1, "a disruption to be allowed again");
        await EvictAsync(kit, pods[1]);
    }

    [Fact]
    public async Task Evict_ManyAtOnce_GrantsNoMoreThanAllowed()
    {
        var kit = await NewAsync(cluster);
        var pods = await ReadyAsync(kit, 6);
        await BudgetAsync(kit, spec => spec.MaxUnavailable = "2");
        await BudgetAsync(kit, found => found.Status is { DisruptionsAllowed: 2, ExpectedPods: 6 });

        var granted = await Task.WhenAll(pods.Select(async pod =>
        {
            try
            {
                await EvictAsync(kit, pod);
                return true;
            }
            catch (k8s.Autorest.HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                return false;
            }
        }));

        Assert.Equal(2, granted.Count(one => one));
    }

    [Fact]
    public async Task Evict_UnhealthyPod_IsGrantedWhereTheBudgetSaysSo()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 1));
        var pod = (await kit.PodsAsync(1))[0].Metadata.Name;
        await kit.SayRunningAsync(pod, ready: false);
        await BudgetAsync(kit, spec => spec.MinAvailable = "1");
        await BudgetAsync(kit, found => found.Status is { ObservedGeneration: 1, DesiredHealthy: 1 });
        await Refused.WithAsync(HttpStatusCode.TooManyRequests, () => EvictAsync(kit, pod));

        await kit.Client.PatchNamespacedPodDisruptionBudgetAsync(
            new V1Patch("""{"spec":{"unhealthyPodEvictionPolicy":"AlwaysAllow"}}""", V1Patch.PatchType.MergePatch), "web", kit.Namespace);
        await EvictAsync(kit, pod);
    }

    [Fact]
    public async Task Evict_PendingPod_NeedsNoBudget()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(ReplicaSet("web", 1));
        var pod = (await kit.PodsAsync(1))[0].Metadata.Name;
        await BudgetAsync(kit, spec => spec.MinAvailable = "1");

        await EvictAsync(kit, pod);
    }

    [Fact]
    public async Task Status_PercentOfADeployment_CountsWhatItAsksFor()
    {
        var kit = await NewAsync(cluster);
        await kit.CreateAsync(Deployment("web", 4));
        await kit.RolledOutAsync("web");

        await BudgetAsync(kit, spec => spec.MinAvailable = "60%");

        var budget = await BudgetAsync(kit, found => found.Status is { DisruptionsAllowed: 1 });
        Assert.Equal((4, 3, 4), (budget.Status.ExpectedPods, budget.Status.DesiredHealthy, budget.Status.CurrentHealthy));
    }

    [Fact]
    public async Task Status_NoPods_AllowsNothingAndSaysSo()
    {
        var kit = await NewAsync(cluster);
        await BudgetAsync(kit, spec => spec.MinAvailable = "0");

        await BudgetAsync(kit, found => found.Status is { ObservedGeneration: 1, DisruptionsAllowed: 0, ExpectedPods: 0 });

        await kit.SaidAsync("NoPods", "No matching pods found");
    }

    [Fact]
    public async Task Evict_PodOfTwoBudgets_IsNotSupported()
    {
        var kit = await NewAsync(cluster);
        var pods = await ReadyAsync(kit, 1);
        await BudgetAsync(kit, spec => spec.MinAvailable = "0");
        await BudgetAsync(kit, spec => spec.MinAvailable = "0", "other");

        var status = await Refused.WithAsync(HttpStatusCode.InternalServerError, () => EvictAsync(kit, pods[0]));

        Assert.Equal("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.", status.Message);
        Assert.Null(status.Reason);
        Assert.Single(await kit.PodsAsync());
    }

    private static (string Status, string Reason, string Message) Told(V1PodDisruptionBudget budget)
    {
        var condition = budget.Status.Conditions.Single(known => known.Type == "DisruptionAllowed");
        return (condition.Status, condition.Reason, condition.Message);
    }

    private static async Task<List<string>> ReadyAsync(WorkloadKit kit, int count)
    {
        await kit.CreateAsync(ReplicaSet("web", count));
        await kit.PodsAsync(count);
        await kit.ReadyUntilAsync(async () => (await kit.ReplicaSetAsync("web", _ => true)).Status.ReadyReplicas == count, "ready pods");
        return [.. (await kit.PodsAsync()).Select(pod => pod.Metadata.Name)];
    }

    private static Task<V1PodDisruptionBudget> BudgetAsync(WorkloadKit kit, Action<V1PodDisruptionBudgetSpec> change, string name = "web")
    {
        var budget = new V1PodDisruptionBudget
        {
            Metadata = new V1ObjectMeta { Name = name },
            Spec = new V1PodDisruptionBudgetSpec { Selector = new V1LabelSelector { MatchLabels = Labels("web") } },
        };
        change(budget.Spec);
        return kit.Client.CreateNamespacedPodDisruptionBudgetAsync(budget, kit.Namespace);
    }

    private static async Task<V1PodDisruptionBudget> BudgetAsync(WorkloadKit kit, Func<V1PodDisruptionBudget, bool> wanted)
    {
        V1PodDisruptionBudget? budget = null;
        await Eventually.TrueAsync(async () => wanted(budget = await kit.Client.ReadNamespacedPodDisruptionBudgetAsync("web", kit.Namespace)), "the budget as wanted");
        return budget!;
    }

    private static Task<V1Eviction> EvictAsync(WorkloadKit kit, string pod) => kit.Client.CreateNamespacedPodEvictionAsync(
        new V1Eviction { Metadata = new V1ObjectMeta { Name = pod, NamespaceProperty = kit.Namespace } }, pod, kit.Namespace);
}

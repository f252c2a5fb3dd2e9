using k8s;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Controllers;

/// <summary>Deployments of real pods: what waits for readiness, and for processes to end.</summary>
public sealed class DeploymentOnNodeTests(NodeFixture cluster)
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Update_ToPodsThatNeverGetReady_KeepsTheOldOneAndUndoFreesIt()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns, "RollingUpdate");
        var old = Assert.Single(await PodsAsync(ns)).Metadata.Name;

        await PatchAsync(ns, """{"spec":{"template":{"spec":{"containers":[{"name":"main","readinessProbe":{"exec":{"command":["false"]},"periodSeconds":1}}]}}}}""");
        await EventuallyAsync(async () => (await PodsAsync(ns)).Any(pod => pod.Metadata.Name != old && pod.Status.Phase == "Running"));
        Assert.Equal(1, (await DeploymentAsync(ns, found => found.Status.UpdatedReplicas == 1)).Status.AvailableReplicas);

        await PatchAsync(ns, """{"spec":{"template":{"spec":{"containers":[{"name":"main","readinessProbe":null}]}}}}""");

        await EventuallyAsync(async () => await PodsAsync(ns) is [{ } only] && only.Metadata.Name == old);
        await DeploymentAsync(ns, found => found.Status is { AvailableReplicas: 1, UpdatedReplicas: 1, Replicas: 1 });
    }

    [Fact]
    public async Task Update_Recreate_WaitsForTheOldProcessToEnd()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns, "Recreate", "trap 'sleep 1; exit 0' TERM; while true; do sleep 0.1; done");
        var old = Assert.Single(await PodsAsync(ns)).Metadata.Name;

        await PatchAsync(ns, """{"spec":{"template":{"metadata":{"annotations":{"v":"2"}}}}}""");

        var together = false;
        await EventuallyAsync(async () =>
        {
            var pods = await PodsAsync(ns);
            together |= pods.Count(pod => pod.Status.Phase is not ("Succeeded" or "Failed")) > 1; // one that ended may still be on its way out
            return pods is [{ } only] && only.Metadata.Name != old && IsReady(only);
        });
        Assert.False(together);
    }

    [Fact]
    public async Task Delete_Foreground_EndsAfterItsPods()
    {
        var ns = await cluster.NewNamespaceAsync();
        await CreateAsync(ns, "RollingUpdate");

        await cluster.Client.AppsV1.DeleteNamespacedDeploymentAsync("web", ns, propagationPolicy: "Foreground", cancellationToken: Ct);

        await EventuallyAsync(async () => (await cluster.Client.AppsV1.ListNamespacedDeploymentAsync(ns, cancellationToken: Ct)).Items.Count == 0);
        Assert.Empty((await cluster.Client.AppsV1.ListNamespacedReplicaSetAsync(ns, cancellationToken: Ct)).Items);
        Assert.Empty(await PodsAsync(ns));
    }

    private async Task CreateAsync(string ns, string strategy, string script = "trap 'exit 0' TERM; while true; do sleep 0.1; done")
    {
        var labels = new Dictionary<string, string> { ["app"] = "web" };
        await cluster.Client.AppsV1.CreateNamespacedDeploymentAsync(
            new V1Deployment
            {
                Metadata = new V1ObjectMeta { Name = "web" },
                Spec = new V1DeploymentSpec
                {
                    Replicas = 1,
                    Strategy = new V1DeploymentStrategy { Type = strategy },
                    Selector = new V1LabelSelector { MatchLabels = labels },
                    Template = new V1PodTemplateSpec
                    {
                        Metadata = new V1ObjectMeta { Labels = labels },
                        Spec = new V1PodSpec { AutomountServiceAccountToken = false, TerminationGracePeriodSeconds = 5, Containers = [Shell("main", script)] },
                    },
                },
            }, ns, cancellationToken: Ct);
        await DeploymentAsync(ns, found => found.Status?.AvailableReplicas == 1);
    }

    private Task<V1Deployment> PatchAsync(string ns, string patch) =>
        cluster.Client.AppsV1.PatchNamespacedDeploymentAsync(new V1Patch(patch, V1Patch.PatchType.StrategicMergePatch), "web", ns, cancellationToken: Ct);

    private async Task<V1Deployment> DeploymentAsync(string ns, Func<V1Deployment, bool> wanted)
    {
        V1Deployment? found = null;
        await EventuallyAsync(async () => wanted(found = await cluster.Client.AppsV1.ReadNamespacedDeploymentAsync("web", ns, cancellationToken: Ct)));
        return found!;
    }

    private async Task<IList<V1Pod>> PodsAsync(string ns) => (await cluster.Client.CoreV1.ListNamespacedPodAsync(ns, cancellationToken: Ct)).Items;
}

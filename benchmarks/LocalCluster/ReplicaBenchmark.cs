using System.Diagnostics;
using k8s;
using k8s.Models;

namespace Workspaces.LocalCluster.Benchmarks;

/// <summary>A thousand replicas' objects in a cluster without a node.</summary>
internal sealed class ReplicaBenchmark(ClusterProcess cluster)
{
    private const int Replicas = 1000;
    private const string Namespace = "default";

    public async Task RunAsync(CancellationToken ct)
    {
        while ((await cluster.Client.CoreV1.ListNamespacedServiceAccountAsync(Namespace, cancellationToken: ct)).Items.Count == 0)
        {
            await Task.Delay(20, ct);
        }

        var labels = new Dictionary<string, string> { ["app"] = "many" };
        var watch = Stopwatch.StartNew();
        await cluster.Client.AppsV1.CreateNamespacedStatefulSetAsync(
            new V1StatefulSet
            {
                Metadata = new V1ObjectMeta { Name = "many" },
                Spec = new V1StatefulSetSpec
                {
                    Replicas = Replicas,
                    ServiceName = "many",
                    PodManagementPolicy = "Parallel",
                    Selector = new V1LabelSelector { MatchLabels = labels },
                    Template = new V1PodTemplateSpec
                    {
                        Metadata = new V1ObjectMeta { Labels = labels },
                        Spec = new V1PodSpec { Containers = [new V1Container { Name = "main", Image = "none" }] },
                    },
                },
            }, Namespace, cancellationToken: ct);
        V1PodList pods;
        do
        {
            await Task.Delay(100, ct);
            pods = await cluster.Client.CoreV1.ListNamespacedPodAsync(Namespace, limit: 1, cancellationToken: ct);
        }
        while ((pods.Metadata.RemainingItemCount ?? 0) + pods.Items.Count < Replicas);
        Figures.Print("make_1000_replicas", watch.Elapsed.TotalMilliseconds, "ms");
        var probe = new ApiProbe(cluster);
        await probe.ListAsync("list_1000_pods", ct);
        await probe.WatchAsync("watch_latency_1000_pods_50_watchers", Namespace, "many-0", ct);
        Figures.Print("memory_1000_pods", cluster.ResidentMegabytes(), "MB");
    }
}

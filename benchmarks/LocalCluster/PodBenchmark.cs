using System.Diagnostics;
using System.Globalization;
using k8s;
using k8s.Models;

namespace Workspaces.LocalCluster.Benchmarks;

/// <summary>500 pods' objects of which 50 run: how long one takes to be ready, and how the API answers meanwhile.</summary>
internal sealed class PodBenchmark(ClusterProcess cluster)
{
    private const int Elsewhere = 450;
    private const int Running = 50;
    private const string Namespace = "default";

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromMinutes(1);

    public async Task RunAsync(CancellationToken ct)
    {
        await AccountAsync(ct);
        for (var i = 0; i < Elsewhere; i++)
        {
            await cluster.Client.CoreV1.CreateNamespacedPodAsync(Pod($"elsewhere-{i.ToString(CultureInfo.InvariantCulture)}", $"node-{(i / 45).ToString(CultureInfo.InvariantCulture)}"), Namespace, cancellationToken: ct);
        }

        var times = new List<double>();
        for (var i = 0; i < Running; i++)
        {
            times.Add(await CreateToReadyAsync($"runs-{i.ToString(CultureInfo.InvariantCulture)}", ct));
        }

        Figures.PrintPercentiles("pod_create_to_ready", times);
        var probe = new ApiProbe(cluster);
        await probe.ListAsync("list_500_pods", ct);
        await probe.WatchAsync("watch_latency_50_watchers", Namespace, "elsewhere-0", ct);
        Figures.Print("memory_500_pods", cluster.ResidentMegabytes(), "MB");
        await BurstAsync(ct);
    }

    /// <summary>All running pods are deleted and made anew at once.</summary>
    private async Task BurstAsync(CancellationToken ct)
    {
        var names = Enumerable.Range(0, Running).Select(i => $"runs-{i.ToString(CultureInfo.InvariantCulture)}").ToList();
        var watch = Stopwatch.StartNew();
        await Task.WhenAll(names.Select(name => cluster.Client.CoreV1.DeleteNamespacedPodAsync(name, Namespace, gracePeriodSeconds: 1, cancellationToken: ct)));
        while ((await cluster.Client.CoreV1.ListNamespacedPodAsync(Namespace, labelSelector: "place=here", cancellationToken: ct)).Items.Count > 0)
        {
            await Task.Delay(50, ct);
        }

        Figures.Print("delete_50_pods_at_once", watch.Elapsed.TotalMilliseconds, "ms");
        watch.Restart();
        await Task.WhenAll(names.Select(name => CreateToReadyAsync("again-" + name, ct)));
        Figures.Print("start_50_pods_at_once", watch.Elapsed.TotalMilliseconds, "ms");
    }

    private static V1Pod Pod(string name, string? node) => new()
    {
        Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["place"] = node is null ? "here" : "elsewhere", ["app"] = "benchmark" } },
        Spec = new V1PodSpec
        {
            NodeName = node,
            TerminationGracePeriodSeconds = 1,
            Containers = [new V1Container { Name = "main", Image = ClusterProcess.Image, ImagePullPolicy = "IfNotPresent", Command = ["sleep", "infinity"] }],
        },
    };

    private static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    /// <summary>From the request to the watch event that says Ready.</summary>
    private async Task<double> CreateToReadyAsync(string name, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(ReadyLimit);
        var watch = Stopwatch.StartNew();
        var created = await cluster.Client.CoreV1.CreateNamespacedPodAsync(Pod(name, null), Namespace, cancellationToken: limit.Token);
        await foreach (var (_, pod) in cluster.Client.CoreV1.WatchListNamespacedPodAsync(
            Namespace, fieldSelector: $"metadata.name={name}", resourceVersion: created.Metadata.ResourceVersion, cancellationToken: limit.Token))
        {
            if (IsReady(pod))
            {
                return watch.Elapsed.TotalMilliseconds;
            }
        }

        throw new InvalidOperationException($"The watch of pod {name} ended before it was ready.");
    }

    /// <summary>Pods are refused before their namespace has its account.</summary>
    private async Task AccountAsync(CancellationToken ct)
    {
        while ((await cluster.Client.CoreV1.ListNamespacedServiceAccountAsync(Namespace, cancellationToken: ct)).Items.Count == 0)
        {
            await Task.Delay(20, ct);
        }
    }
}

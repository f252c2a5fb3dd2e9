using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using k8s;
using k8s.Models;

namespace Workspaces.LocalCluster.Benchmarks;

/// <summary>How quickly the API answers lists, and how soon watchers see a write.</summary>
internal sealed class ApiProbe(ClusterProcess cluster)
{
    private const int Lists = 200;
    private const int Writes = 200;
    private const int Watchers = 50;
    private const string StampKey = "benchmark/sent";

    private static readonly TimeSpan SettleLimit = TimeSpan.FromSeconds(30);

    /// <summary>The whole list of all pods, received and not read: what a client does with it is its own affair.</summary>
    public async Task ListAsync(string name, CancellationToken ct)
    {
        using var http = Http();
        var times = new List<double>();
        for (var i = 0; i < Lists; i++)
        {
            var watch = Stopwatch.StartNew();
            await http.GetByteArrayAsync(new Uri("api/v1/pods", UriKind.Relative), ct);
            times.Add(watch.Elapsed.TotalMilliseconds);
        }

        Figures.PrintPercentiles(name, times);
    }

    /// <summary>From just before a pod's annotation is written to the moment at which a watcher of all pods has the event, for every watcher and write.</summary>
    public async Task WatchAsync(string name, string ns, string pod, CancellationToken ct)
    {
        var latencies = new ConcurrentBag<double>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var version = (await cluster.Client.CoreV1.ListPodForAllNamespacesAsync(limit: 1, cancellationToken: ct)).Metadata.ResourceVersion;
        var watchers = Enumerable.Range(0, Watchers).Select(_ => FollowAsync(version, pod, latencies, stop.Token)).ToList();
        for (var i = 0; i < Writes; i++)
        {
            var patch = string.Create(CultureInfo.InvariantCulture, $$$$"""{"metadata":{"annotations":{"{{{{StampKey}}}}":"{{{{Stopwatch.GetTimestamp()}}}}"}}}""");
            await cluster.Client.CoreV1.PatchNamespacedPodAsync(new V1Patch(patch, V1Patch.PatchType.MergePatch), pod, ns, cancellationToken: ct);
        }

        for (var watch = Stopwatch.StartNew(); latencies.Count < Writes * Watchers && watch.Elapsed < SettleLimit;)
        {
            await Task.Delay(20, ct);
        }

        await stop.CancelAsync();
        await Task.WhenAll(watchers);
        Figures.Print(name + "_lost", (Writes * Watchers) - latencies.Count, "events");
        Figures.PrintPercentiles(name, latencies);
    }

    private static string Pem(string data) => Encoding.ASCII.GetString(Convert.FromBase64String(data));

    private HttpClient Http()
    {
        var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        handler.ClientCertificates.Add(X509Certificate2.CreateFromPem(Pem(cluster.Configuration.ClientCertificateData), Pem(cluster.Configuration.ClientCertificateKeyData)));
        return new HttpClient(handler) { BaseAddress = new Uri(cluster.Configuration.Host + "/") };
    }

    private async Task FollowAsync(string version, string pod, ConcurrentBag<double> latencies, CancellationToken ct)
    {
        using var http = Http();
        var last = "";
        try
        {
            using var response = await http.GetAsync(new Uri($"api/v1/pods?watch=true&resourceVersion={version}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, ct);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                // The stamp is taken before the line is parsed, which would be the client's time and not the server's.
                var now = Stopwatch.GetTimestamp();
                if (!line.Contains($"\"name\":\"{pod}\"", StringComparison.Ordinal) || Stamp(line) is not { } stamp || stamp == last)
                {
                    continue;
                }

                last = stamp;
                latencies.Add(Stopwatch.GetElapsedTime(long.Parse(stamp, CultureInfo.InvariantCulture), now).TotalMilliseconds);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Every event was seen.
        }
    }

    private static string? Stamp(string line)
    {
        const string key = $"\"{StampKey}\":\"";
        var start = line.IndexOf(key, StringComparison.Ordinal);
        return start < 0 ? null : line[(start + key.Length)..line.IndexOf('"', start + key.Length)];
    }
}

using System.Net;
using k8s;
using k8s.Models;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Watches: resuming, selectors, the end of the history.</summary>
public sealed class WatchTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Watch_FromAVersion_ShowsWhatHappenedSince()
    {
        var ns = await cluster.NamespaceAsync();
        var list = await cluster.Client.ListNamespacedConfigMapAsync(ns);
        await CreateAsync(ns, "a", "1");
        await cluster.Client.DeleteNamespacedConfigMapAsync("a", ns);

        var seen = await TakeAsync(ns, list.Metadata.ResourceVersion, null, 2);

        Assert.Equal([(WatchEventType.Added, "a"), (WatchEventType.Deleted, "a")], seen);
    }

    [Fact]
    public async Task Watch_WithSelector_SeesObjectsBeginAndCeaseToMatch()
    {
        var ns = await cluster.NamespaceAsync();
        var list = await cluster.Client.ListNamespacedConfigMapAsync(ns);
        await CreateAsync(ns, "a", "1");
        await LabelAsync(ns, "a", "\"yes\"");
        await LabelAsync(ns, "a", "null");

        var seen = await TakeAsync(ns, list.Metadata.ResourceVersion, "chosen=yes", 2);

        Assert.Equal([(WatchEventType.Added, "a"), (WatchEventType.Deleted, "a")], seen);
    }

    [Fact]
    public async Task Watch_OlderThanTheHistory_IsGone()
    {
        TestCluster.IsLocalClusterOrSkip("how long the history is");
        var ns = await cluster.NamespaceAsync();
        var start = await CreateAsync(ns, "a", "0");

        // More changes than are kept of one type.
        await Parallel.ForAsync(1, 4200, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, ct) =>
            await cluster.Client.PatchNamespacedConfigMapAsync(new V1Patch($$$"""{"data":{"v{{{i % 8}}}":"{{{i}}}"}}""", V1Patch.PatchType.MergePatch), "a", ns, cancellationToken: ct));

        // The stream begins well and says so in its first event.
        var answer = await cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}?watch=1&timeoutSeconds=5&resourceVersion={start.Metadata.ResourceVersion}");
        Assert.Equal(HttpStatusCode.OK, answer.Code);
        Assert.Equal("ERROR", (string?)answer.Body["type"]);
        Assert.Equal("Expired", (string?)answer.Body["object"]!["reason"]);
    }

    private Task<V1ConfigMap> CreateAsync(string ns, string name, string value) => cluster.Client.CreateNamespacedConfigMapAsync(
        new V1ConfigMap { Metadata = new V1ObjectMeta { Name = name }, Data = new Dictionary<string, string> { ["v"] = value } }, ns);

    private Task<V1ConfigMap> LabelAsync(string ns, string name, string value) => cluster.Client.PatchNamespacedConfigMapAsync(
        new V1Patch($$$$"""{"metadata":{"labels":{"chosen":{{{{value}}}}}}}""", V1Patch.PatchType.MergePatch), name, ns);

    private async Task<List<(WatchEventType, string)>> TakeAsync(string ns, string version, string? selector, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var seen = new List<(WatchEventType, string)>();
        await foreach (var (type, map) in cluster.Client.CoreV1.WatchListNamespacedConfigMapAsync(
            ns, resourceVersion: version, labelSelector: selector, onError: e => throw e, cancellationToken: limit.Token))
        {
            seen.Add((type, map.Metadata.Name));
            if (seen.Count == count)
            {
                break;
            }
        }

        return seen;
    }
}

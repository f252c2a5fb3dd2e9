using System.Globalization;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Watches as informers use them: a list in the stream, bookmarks, tables; and a watcher that does not read.</summary>
public sealed class WatchFormTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Table = "application/json;as=Table;v=v1;g=meta.k8s.io";

    [Fact]
    public async Task Watch_ThatSendsInitialEvents_ListsThenMarksTheEndThenGoesOn()
    {
        var ns = await cluster.NamespaceAsync();
        await CreateAsync(ns, "a");
        await CreateAsync(ns, "b");
        using var watch = await OpenAsync(ns, "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&labelSelector=made");

        var first = await watch.TakeAsync(3);
        await CreateAsync(ns, "c");
        var next = Assert.Single(await watch.TakeAsync(1));

        Assert.Equal([("ADDED", "a"), ("ADDED", "b")], first.Take(2).Select(Named).Order());
        Assert.Equal("BOOKMARK", (string?)first[2]["type"]);
        Assert.Equal("true", (string?)first[2]["object"]!["metadata"]!["annotations"]!["k8s.io/initial-events-end"]);
        Assert.Equal(("ADDED", "c"), Named(next));
    }

    [Fact]
    public async Task Watch_WithBookmarks_EndsWithAVersionToGoOnFrom()
    {
        var ns = await cluster.NamespaceAsync();
        var from = (await cluster.Client.ListNamespacedConfigMapAsync(ns)).Metadata.ResourceVersion;
        await CreateAsync(ns, "a");
        using var watch = await OpenAsync(ns, $"resourceVersion={from}&allowWatchBookmarks=true&timeoutSeconds=4&labelSelector=made");

        var seen = await watch.TakeAllAsync();

        Assert.Equal(("ADDED", "a"), Named(seen[0]));
        Assert.Equal("BOOKMARK", (string?)seen[^1]["type"]);
        Assert.Equal("ConfigMap", (string?)seen[^1]["object"]!["kind"]);
        var version = (string?)seen[^1]["object"]!["metadata"]!["resourceVersion"];
        Assert.True(Number(version) >= Number((string?)seen[0]["object"]!["metadata"]!["resourceVersion"]));
        await CreateAsync(ns, "b");
        using var resumed = await OpenAsync(ns, $"resourceVersion={version}&labelSelector=made");
        Assert.Equal(("ADDED", "b"), Named(Assert.Single(await resumed.TakeAsync(1))));
    }

    [Fact]
    public async Task Watch_AsTables_NamesTheColumnsOnce()
    {
        var ns = await cluster.NamespaceAsync();
        await CreateAsync(ns, "a");
        await CreateAsync(ns, "b");
        using var watch = await OpenAsync(ns, "labelSelector=made", Table);

        var tables = (await watch.TakeAsync(2)).ConvertAll(seen => seen["object"]!);

        Assert.All(tables, table => Assert.Equal("Table", (string?)table["kind"]));
        Assert.Equal("Name", (string?)tables[0]["columnDefinitions"]![0]!["name"]);
        Assert.Null(tables[1]["columnDefinitions"]);
        Assert.Equal(["a", "b"], tables.Select(table => (string?)table["rows"]![0]!["cells"]![0]).Order());
    }

    [Fact]
    public async Task Watch_ThatNobodyReads_HoldsUpNobody()
    {
        TestCluster.IsLocalClusterOrSkip("a watcher that does not read for megabytes");
        var ns = await cluster.NamespaceAsync();
        using var idle = await OpenAsync(ns, "labelSelector=made");
        using var reader = await OpenAsync(ns, "labelSelector=made");
        var large = new string('x', 500_000);

        for (var i = 0; i < 40; i++)
        {
            await CreateAsync(ns, $"large-{i:00}", large);
        }

        var seen = await reader.TakeAsync(40);
        Assert.Equal(Enumerable.Range(0, 40).Select(i => ("ADDED", $"large-{i:00}")), seen.Select(Named));
    }

    private static (string, string) Named(JsonNode seen) => ((string)seen["type"]!, (string)seen["object"]!["metadata"]!["name"]!);

    private static long Number(string? version) => long.Parse(version!, CultureInfo.InvariantCulture);

    private Task<V1ConfigMap> CreateAsync(string ns, string name, string value = "") => cluster.Client.CreateNamespacedConfigMapAsync(
        new V1ConfigMap
        {
            Metadata = new V1ObjectMeta { Name = name, Labels = new Dictionary<string, string> { ["made"] = "" } },
            Data = new Dictionary<string, string> { ["v"] = value },
        },
        ns);

    private Task<RawWatch> OpenAsync(string ns, string query, string accept = "application/json") =>
        RawWatch.OpenAsync(cluster.Client, $"{Wire.ConfigMaps(ns)}?watch=1&{query}", accept);
}

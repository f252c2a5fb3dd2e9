using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>Several writers at once: nothing is lost, nothing is half done, and nobody is answered with a failure of the server.</summary>
public sealed class RaceTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    [Fact]
    public async Task Appliers_OfDifferentFieldsAtOnce_AllSucceed()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => cluster.ApplyAsync(path, $"m{i}", Wire.Map("m", $$"""{"k{{i}}":"1"}"""))));
        Assert.All(answers, a => a.Ok());
        Assert.Equal(1, answers.Count(a => a.Code == HttpStatusCode.Created));
        var all = await cluster.Client.GetAsync(path);
        Assert.Equal(12, all.Ok()["data"]!.AsObject().Count);
        Assert.Equal(12, all.Owners().Split('\n').Length);
    }

    [Fact]
    public async Task Appliers_OfOneFieldAtOnce_OneWinsAndTheOthersAreInConflict()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => cluster.ApplyAsync(path, $"m{i}", Wire.Map("m", $$"""{"k":"{{i}}"}"""))));
        var won = Assert.Single(answers, a => a.Code == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a != won), a => a.Refused(HttpStatusCode.Conflict));
        Assert.Equal((string?)won.Body["data"]!["k"], (string?)(await cluster.Client.GetAsync(path)).Ok()["data"]!["k"]);
    }

    [Fact]
    public async Task Updates_ThatRetryOnConflict_LoseNoIncrement()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"n":"0"}"""));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async _ =>
        {
            for (var done = 0; done < 15;)
            {
                var answer = await cluster.ReplaceAsync(path, "counter", o => o["data"]!["n"] = $"{int.Parse((string)o["data"]!["n"]!, System.Globalization.CultureInfo.InvariantCulture) + 1}");
                Assert.True(answer.Code is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{answer.Code}: {answer.Message}");
                done += answer.Code == HttpStatusCode.OK ? 1 : 0;
            }
        }));
        Assert.Equal("90", (string?)(await cluster.Client.GetAsync(path)).Ok()["data"]!["n"]);
    }

    [Fact]
    public async Task Patches_WithoutAVersion_AreRetriedByTheServer()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m"));
        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => cluster.Client.PatchAsync(path, $$$"""{"data":{"k{{{i}}}":"1"}}""", Wire.Merge)));
        Assert.All(answers, a => a.Ok());
        Assert.Equal(40, (await cluster.Client.GetAsync(path)).Ok()["data"]!.AsObject().Count);
    }

    [Fact]
    public async Task Apply_WithUid_AgainstDeletion_NeverMakesTheObjectAnew()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"{Wire.ConfigMaps(ns)}/m";
        for (var round = 0; round < 10; round++)
        {
            var made = await cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m", """{"k":"1"}"""));
            var uid = (string)made.Ok()["metadata"]!["uid"]!;
            var body = JsonNode.Parse(Wire.Map("m", """{"mine":"1"}"""))!;
            body["metadata"]!["uid"] = uid;
            var applies = Enumerable.Range(0, 4).Select(i => cluster.ApplyAsync(path, $"m{i}", body.ToJsonString())).ToList();
            var deletion = cluster.Client.SendAsync(HttpMethod.Delete, path, null, "application/json");
            Assert.All(await Task.WhenAll(applies), a => Assert.True(a.Code is HttpStatusCode.OK or HttpStatusCode.Conflict, $"{a.Code}: {a.Message}"));
            (await deletion).Ok();
            (await cluster.Client.GetAsync(path)).Refused(HttpStatusCode.NotFound);
        }
    }
}

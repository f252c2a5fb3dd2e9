using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;
using Workspaces.Support.Faults;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>The faults that the side endpoint makes on request, seen as a client of the API sees them; and who may ask for them.</summary>
public sealed class FaultTests : OwnTests, IClassFixture<ApiCluster>, IAsyncDisposable
{
    private readonly ApiCluster _cluster;
    private readonly ClusterFaults _faults;

    public FaultTests(ApiCluster cluster)
        : base("faults") => (_cluster, _faults) = (cluster, ClusterFaults.Of(cluster.KubeconfigFile));

    public async ValueTask DisposeAsync()
    {
        await _faults.ClearAsync();
        _faults.Dispose();
    }

    [Theory]
    [InlineData(409, "Conflict")]
    [InlineData(410, "Expired")]
    [InlineData(429, "TooManyRequests")]
    [InlineData(500, "InternalError")]
    [InlineData(503, "ServiceUnavailable")]
    public async Task Answers_StrikeTheirTimesAndNoMore(int code, string reason)
    {
        var ns = await _cluster.NamespaceAsync();
        await _faults.AnswerAsync(code, new RequestFaultOptions { Times = 2, Verbs = ["list"], Resources = ["configmaps"], Namespaces = [ns] });
        for (var i = 0; i < 2; i++)
        {
            var status = await Refused.WithAsync((HttpStatusCode)code, () => _cluster.Client.ListNamespacedConfigMapAsync(ns));
            Assert.Equal(reason, status.Reason);
        }

        await _cluster.Client.ListNamespacedConfigMapAsync(ns);
        Assert.Empty((await _faults.ShowAsync())["requests"]!.AsArray());
    }

    [Fact]
    public async Task Answers_LeaveOtherRequestsAlone_AndWhatTheyStrikeIsNotCarriedOut()
    {
        var ns = await _cluster.NamespaceAsync();
        var id = await _faults.AnswerAsync(500, new RequestFaultOptions { Verbs = ["create"], Resources = ["configmaps"], Namespaces = [ns] });
        (await _cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m"))).Refused(HttpStatusCode.InternalServerError);
        (await _cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}/m")).Refused(HttpStatusCode.NotFound);
        (await _cluster.Client.PostAsync($"/api/v1/namespaces/{ns}/secrets", """{"metadata":{"name":"s"}}""")).Ok();
        var shown = Assert.Single((await _faults.ShowAsync())["requests"]!.AsArray());
        Assert.Equal((id, 1), ((string)shown!["id"]!, (int)shown["struck"]!));
        await _faults.ClearAsync(id);
        (await _cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m"))).Ok();
    }

    [Fact]
    public async Task Answers_AtASeededRate_StrikeTheSameRequestsAgain()
    {
        var ns = await _cluster.NamespaceAsync();
        var options = new RequestFaultOptions { Rate = 0.5, Seed = 42, Verbs = ["get"], Resources = ["configmaps"], Namespaces = [ns] };
        var runs = new List<string>();
        for (var run = 0; run < 2; run++)
        {
            var id = await _faults.AnswerAsync(503, options);
            var outcome = new StringBuilder();
            for (var i = 0; i < 20; i++)
            {
                outcome.Append((await _cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}/none")).Code == HttpStatusCode.ServiceUnavailable ? 'x' : '.');
            }

            runs.Add(outcome.ToString());
            await _faults.ClearAsync(id);
        }

        Assert.Equal(runs[0], runs[1]);
        Assert.Contains('x', runs[0]);
        Assert.Contains('.', runs[0]);
    }

    [Fact]
    public async Task Answers_ByUserAgent_StrikeThatClientAlone()
    {
        var ns = await _cluster.NamespaceAsync();
        await _faults.AnswerAsync(429, new RequestFaultOptions { UserAgents = ["nobody/"], Namespaces = [ns] });
        await _cluster.Client.ListNamespacedConfigMapAsync(ns);
    }

    [Fact]
    public async Task Latency_HoldsRequestsUp()
    {
        var ns = await _cluster.NamespaceAsync();
        await _faults.DelayAsync(TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(100), new RequestFaultOptions { Seed = 1, Times = 1, Namespaces = [ns] });
        var watch = System.Diagnostics.Stopwatch.StartNew();
        await _cluster.Client.ListNamespacedConfigMapAsync(ns);
        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(590), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task Cuts_BreakTheAnswerOfARequestThatIsCarriedOut(int afterBytes)
    {
        var ns = await _cluster.NamespaceAsync();
        await _faults.CutAsync(afterBytes, new RequestFaultOptions { Times = 1, Verbs = ["create"], Namespaces = [ns] });
        await Assert.ThrowsAnyAsync<Exception>(() => _cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("m")));
        (await _cluster.Client.GetAsync($"{Wire.ConfigMaps(ns)}/m")).Ok();
    }

    [Fact]
    public async Task DroppedWatches_EndAndResumeWhereTheyWere()
    {
        var ns = await _cluster.NamespaceAsync();
        var version = (await _cluster.Client.ListNamespacedConfigMapAsync(ns)).Metadata.ResourceVersion;
        var watching = ReadWatchAsync(ns, version);
        (await _cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("a"))).Ok();
        await Eventually.TrueAsync(async () =>
        {
            await _faults.DropWatchesAsync();
            return watching.IsCompleted;
        });
        (await _cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("b"))).Ok();
        var resumed = await ReadWatchAsync(ns, version, "&timeoutSeconds=1");
        Assert.Equal(["a", "b"], resumed.Select(e => (string)e["object"]!["metadata"]!["name"]!));
    }

    [Fact]
    public async Task CompactedHistory_TellsAWatchInItsStreamThatItsVersionIsGone()
    {
        var ns = await _cluster.NamespaceAsync();
        var version = (await _cluster.Client.ListNamespacedConfigMapAsync(ns)).Metadata.ResourceVersion;
        (await _cluster.Client.PostAsync(Wire.ConfigMaps(ns), Wire.Map("a"))).Ok();
        await _faults.CompactHistoryAsync();
        var error = Assert.Single(await ReadWatchAsync(ns, version));
        Assert.Equal("ERROR", (string?)error["type"]);
        Assert.Equal((410, "Expired"), ((int)error["object"]!["code"]!, (string)error["object"]!["reason"]!));
        Assert.StartsWith($"too old resource version: {version} (", (string?)error["object"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_InStream_AreEventsOfAWatch()
    {
        var ns = await _cluster.NamespaceAsync();
        await _faults.AnswerAsync(410, new RequestFaultOptions { Times = 1, Verbs = ["watch"], Namespaces = [ns] }, inStream: true);
        var error = Assert.Single(await ReadWatchAsync(ns, "0"));
        Assert.Equal(("ERROR", 410), ((string)error["type"]!, (int)error["object"]!["code"]!));
    }

    [Fact]
    public async Task StoppedListener_RefusesConnectionsAndComesBackByItself()
    {
        var ns = await _cluster.NamespaceAsync();
        await _faults.StopListenerAsync(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => _cluster.Client.ListNamespacedConfigMapAsync(ns));
        await Eventually.TrueAsync(async () =>
        {
            try
            {
                await _cluster.Client.ListNamespacedConfigMapAsync(ns);
                return true;
            }
            catch (HttpRequestException)
            {
                return false;
            }
        });
        Assert.False((bool)(await _faults.ShowAsync())["listenerStopped"]!);
    }

    [Theory]
    [InlineData("answers", """{"code":404}""", "code must be one of 409, 410, 429, 500, 503.")]
    [InlineData("answers", "{}", "code is missing: one of 409, 410, 429, 500, 503.")]
    [InlineData("answers", """{"code":500,"rate":2}""", "rate must be from 0 to 1.")]
    [InlineData("answers", """{"code":500,"verbs":["read"]}""", "verbs: there is no verb \"read\"; there are get, list, watch, create, update, patch, delete, deletecollection.")]
    [InlineData("answers", """{"code":500,"resources":["pod"]}""", "resources: this cluster has no resource \"pod\"; a resource is named as in rules of RBAC (pods, pods/exec, deployments.apps).")]
    [InlineData("latency", """{"millis":5}""", "milliseconds is missing.")]
    [InlineData("history/compact", """{"now":true}""", "There is no field \"now\" here; there are: .")]
    [InlineData("pods/evict", "{}", "This cluster runs without a node.")]
    [InlineData("earthquake", "{}", "There is no fault /faults/earthquake.")]
    [InlineData("answers", "{", "The body is not JSON: ")]
    public async Task Request_ThatMakesNoSense_IsToldWhatIsWrong(string fault, string body, string why)
    {
        var (_, answer) = await AskAsync(fault, body, authorized: true);
        Assert.StartsWith(why, (string?)answer["error"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, null, null, HttpStatusCode.Unauthorized)]
    [InlineData(true, "Origin", "http://localhost:3000", HttpStatusCode.Forbidden)]
    [InlineData(true, "Sec-Fetch-Site", "same-origin", HttpStatusCode.Forbidden)]
    [InlineData(true, "Host", "attacker.example", HttpStatusCode.Forbidden)]
    public async Task Request_OfAPageOrWithoutTheToken_IsRefused(bool authorized, string? header, string? value, HttpStatusCode code)
    {
        var (answered, _) = await AskAsync("watches/drop", "{}", authorized, header, value);
        Assert.Equal(code, answered);
    }

    [Fact]
    public void Token_IsInAFileThatOnlyItsOwnerReads() =>
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_cluster.KubeconfigFile + ".faults"));

    private async Task<(HttpStatusCode Code, JsonObject Answer)> AskAsync(string fault, string body, bool authorized, string? header = null, string? value = null)
    {
        var where = JsonNode.Parse(await File.ReadAllTextAsync(_cluster.KubeconfigFile + ".faults"))!;
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{where["url"]}/faults/{fault}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (authorized)
        {
            request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", (string)where["token"]!);
        }

        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation(header, value);
        }

        using var response = await client.SendAsync(request);
        return (response.StatusCode, JsonNode.Parse(await response.Content.ReadAsStringAsync())!.AsObject());
    }

    /// <summary>Every event of a watch until it ends.</summary>
    private async Task<List<JsonObject>> ReadWatchAsync(string ns, string version, string more = "")
    {
        using var response = await _cluster.Client.HttpClient.GetAsync(
            new Uri(_cluster.Client.BaseUri, $"{Wire.ConfigMaps(ns)}?watch=1&resourceVersion={version}{more}"), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        var events = new List<JsonObject>();
        while (await reader.ReadLineAsync() is { } line)
        {
            events.Add(JsonNode.Parse(line)!.AsObject());
        }

        return events;
    }
}

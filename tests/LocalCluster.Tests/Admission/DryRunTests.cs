using System.Net;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Tests.Api;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Admission;

/// <summary>Dry runs: every write answers as it would and leaves everything as it was.</summary>
public sealed class DryRunTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    /// <summary>No scheduler takes it up, so that nothing but a test changes it.</summary>
    private const string Pod = """{"metadata":{"name":"p"},"spec":{"schedulerName":"nobody","containers":[{"name":"c","image":"i"}]}}""";

    [Fact]
    public async Task Create_WithGenerateName_ShowsAName()
    {
        var ns = await cluster.NamespaceAsync();
        var made = (await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods?dryRun=All", """{"metadata":{"generateName":"web-"},"spec":{"containers":[{"name":"c","image":"i"}]}}""")).Ok();
        Assert.Matches("^web-[a-z0-9]{5}$", (string?)made["metadata"]!["name"]);
        Assert.NotNull(made["spec"]!["serviceAccountName"]);
        Assert.Empty((await cluster.Client.GetAsync($"api/v1/namespaces/{ns}/pods")).Ok()["items"]!.AsArray());
    }

    [Fact]
    public async Task Create_OfWhatIsThere_IsAConflict()
    {
        var ns = await PodAsync();
        Assert.Equal("pods \"p\" already exists", (await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods?dryRun=All", Pod)).Refused(HttpStatusCode.Conflict));
    }

    [Theory]
    [InlineData("application/merge-patch+json", """{"metadata":{"labels":{"a":"b"}}}""", "")]
    [InlineData("application/strategic-merge-patch+json", """{"metadata":{"labels":{"a":"b"}}}""", "")]
    [InlineData("application/json-patch+json", """[{"op":"add","path":"/metadata/labels","value":{"a":"b"}}]""", "")]
    [InlineData("application/apply-patch+yaml", """{"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","labels":{"a":"b"}}}""", "&fieldManager=t")]
    public async Task Patch_OfEachType_ShowsTheResultAndKeepsTheObject(string mediaType, string patch, string query)
    {
        var ns = await PodAsync();
        var path = $"api/v1/namespaces/{ns}/pods/p";
        var before = (await cluster.Client.GetAsync(path)).Ok();

        var patched = (await cluster.Client.PatchAsync($"{path}?dryRun=All{query}", patch, mediaType)).Ok();

        Assert.Equal("b", (string?)patched["metadata"]!["labels"]!["a"]);
        Assert.Equal((string?)before["metadata"]!["resourceVersion"], (string?)patched["metadata"]!["resourceVersion"]);
        Same(before, (await cluster.Client.GetAsync(path)).Ok());
    }

    [Fact]
    public async Task Apply_OfWhatIsNotThere_CreatesNothing()
    {
        var ns = await cluster.NamespaceAsync();
        var path = $"api/v1/namespaces/{ns}/configmaps/m";
        var answer = await cluster.Client.PatchAsync($"{path}?dryRun=All&fieldManager=t", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"m"},"data":{"a":"b"}}""", "application/apply-patch+yaml");
        Assert.Equal(HttpStatusCode.Created, answer.Code);
        Assert.NotNull(answer.Body["metadata"]!["uid"]);
        (await cluster.Client.GetAsync(path)).Refused(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Update_IsValidatedAndKeepsTheObject()
    {
        var ns = await PodAsync();
        var path = $"api/v1/namespaces/{ns}/pods/p";
        var before = (await cluster.Client.GetAsync(path)).Ok();
        var changed = before.DeepClone();
        changed["spec"]!["containers"]![0]!["image"] = "j";
        Assert.Equal("j", (string?)(await cluster.Client.PutAsync($"{path}?dryRun=All", changed.ToJsonString())).Ok()["spec"]!["containers"]![0]!["image"]);
        Same(before, (await cluster.Client.GetAsync(path)).Ok());

        changed["spec"]!["containers"]![0]!["command"] = new JsonArray("x");
        (await cluster.Client.PutAsync($"{path}?dryRun=All", changed.ToJsonString())).Refused(HttpStatusCode.UnprocessableEntity);
    }

    [Fact]
    public async Task EphemeralContainers_AreCheckedAndNotAdded()
    {
        var ns = await PodAsync();
        var path = $"api/v1/namespaces/{ns}/pods/p/ephemeralcontainers";
        const string Strategic = "application/strategic-merge-patch+json";
        (await cluster.Client.PatchAsync($"{path}?dryRun=All", """{"spec":{"ephemeralContainers":[{"name":"d","image":"i","targetContainerName":"c"}]}}""", Strategic)).Ok();
        (await cluster.Client.PatchAsync($"{path}?dryRun=All", """{"spec":{"ephemeralContainers":[{"name":"d","image":"i","targetContainerName":"x"}]}}""", Strategic)).Refused(HttpStatusCode.UnprocessableEntity);
        Assert.Null((await cluster.Client.GetAsync($"api/v1/namespaces/{ns}/pods/p")).Ok()["spec"]!["ephemeralContainers"]);
    }

    [Fact]
    public async Task Scale_ShowsTheNumberAndKeepsIt()
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync($"apis/apps/v1/namespaces/{ns}/statefulsets", """
            {"metadata":{"name":"s"},"spec":{"replicas":0,"serviceName":"s","selector":{"matchLabels":{"a":"b"}},
              "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}
            """)).Ok();
        var path = $"apis/apps/v1/namespaces/{ns}/statefulsets/s";
        Assert.Equal(5, (int?)(await cluster.Client.PatchAsync($"{path}/scale?dryRun=All", """{"spec":{"replicas":5}}""", "application/merge-patch+json")).Ok()["spec"]!["replicas"]);
        Assert.Equal(0, (int?)(await cluster.Client.GetAsync(path)).Ok()["spec"]!["replicas"]);
    }

    [Fact]
    public async Task DeleteAndEviction_KeepThePod()
    {
        var ns = await PodAsync();
        var path = $"api/v1/namespaces/{ns}/pods";
        (await cluster.Client.SendAsync(HttpMethod.Delete, $"{path}/p?dryRun=All", null, "application/json")).Ok();
        (await cluster.Client.SendAsync(HttpMethod.Delete, $"{path}?dryRun=All", null, "application/json")).Ok();
        (await cluster.Client.PostAsync($"{path}/p/eviction?dryRun=All", """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p"}}""")).Ok();
        (await cluster.Client.PostAsync($"{path}/p/eviction", """{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"p"},"deleteOptions":{"dryRun":["All"]}}""")).Ok();
        Assert.Null((await cluster.Client.GetAsync($"{path}/p")).Ok()["metadata"]!["deletionTimestamp"]);
    }

    private static void Same(JsonNode before, JsonNode after) => Assert.Equal(before.ToJsonString(), after.ToJsonString());

    private async Task<string> PodAsync()
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods", Pod)).Ok();
        return ns;
    }
}

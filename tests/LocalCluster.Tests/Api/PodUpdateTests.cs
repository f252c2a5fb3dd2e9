using System.Net;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>What of a pod only a subresource may change: its node by binding, its ephemeral containers by theirs.</summary>
public sealed class PodUpdateTests(ApiCluster cluster) : IClassFixture<ApiCluster>
{
    private const string Merge = "application/merge-patch+json";
    private const string Strategic = "application/strategic-merge-patch+json";

    /// <summary>No scheduler takes it up, so that nothing but a test changes it.</summary>
    private const string Pod = """{"metadata":{"name":"p"},"spec":{"schedulerName":"nobody","containers":[{"name":"c","image":"i"}]}}""";

    [Theory]
    [InlineData("""{"spec":{"nodeName":"n"}}""")]
    [InlineData("""{"spec":{"ephemeralContainers":[{"name":"e","image":"i"}]}}""")]
    [InlineData("""{"spec":{"hostNetwork":true}}""")]
    [InlineData("""{"spec":{"shareProcessNamespace":true}}""")]
    public async Task Patch_OfWhatAnUpdateMayNotChange_IsRefused(string patch)
    {
        var path = await PodAsync();

        var message = (await cluster.Client.PatchAsync(path, patch, Merge)).Refused(HttpStatusCode.UnprocessableEntity);

        Assert.StartsWith("Pod \"p\" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Update_WithoutTheEphemeralContainersThatAreThere_IsRefused()
    {
        var path = await PodAsync();
        (await cluster.Client.PatchAsync($"{path}/ephemeralcontainers", """{"spec":{"ephemeralContainers":[{"name":"e","image":"i"}]}}""", Strategic)).Ok();
        var pod = (await cluster.Client.GetAsync(path)).Ok();
        pod["spec"]!.AsObject().Remove("ephemeralContainers");

        (await cluster.Client.PutAsync(path, pod.ToJsonString())).Refused(HttpStatusCode.UnprocessableEntity);

        Assert.Equal("e", (string?)(await cluster.Client.GetAsync(path)).Ok()["spec"]!["ephemeralContainers"]![0]!["name"]);
    }

    [Fact]
    public async Task Binding_OfAPodWithoutANode_AssignsItOnce()
    {
        var path = await PodAsync();

        var bound = (await BindAsync(path, "n")).Ok();
        var again = (await BindAsync(path, "m")).Refused(HttpStatusCode.Conflict);

        Assert.Equal("Success", (string?)bound["status"]);
        Assert.Equal("Operation cannot be fulfilled on pods/binding \"p\": pod p is already assigned to node \"n\"", again);
        var pod = (await cluster.Client.GetAsync(path)).Ok();
        Assert.Equal("n", (string?)pod["spec"]!["nodeName"]);
        var scheduled = pod["status"]!["conditions"]!.AsArray().Single(condition => (string?)condition!["type"] == "PodScheduled");
        Assert.Equal("True", (string?)scheduled!["status"]);
    }

    [Fact]
    public async Task Binding_OfAnotherPodOfThatName_IsRefused()
    {
        var path = await PodAsync();

        var message = (await BindAsync(path, "n", "00000000-0000-0000-0000-000000000000")).Refused(HttpStatusCode.Conflict);

        Assert.Contains("Precondition failed: UID in precondition: 00000000-0000-0000-0000-000000000000, UID in object meta: ", message, StringComparison.Ordinal);
        Assert.Null((await cluster.Client.GetAsync(path)).Ok()["spec"]!["nodeName"]);
    }

    private async Task<string> PodAsync()
    {
        var ns = await cluster.NamespaceAsync();
        (await cluster.Client.PostAsync($"api/v1/namespaces/{ns}/pods", Pod)).Ok();
        return $"api/v1/namespaces/{ns}/pods/p";
    }

    private Task<Answer> BindAsync(string path, string node, string? uid = null)
    {
        var metadata = new JsonObject { ["name"] = "p" };
        if (uid is not null)
        {
            metadata["uid"] = uid;
        }

        var binding = new JsonObject { ["apiVersion"] = "v1", ["kind"] = "Binding", ["metadata"] = metadata, ["target"] = new JsonObject { ["kind"] = "Node", ["name"] = node } };
        return cluster.Client.PostAsync($"{path}/binding", binding.ToJsonString());
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.EndToEnd.Injection;

/// <summary>The demo service that ships, applied as its README says; shared by a class of tests.</summary>
public sealed class DemoService(Suite suite) : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        (await suite.Kubectl.RunAsync("apply", "-k", Path.Combine(Repository.Root, "deploy", "demo"))).MustSucceed();
        foreach (var workload in new[] { "deployment/demo", "statefulset/demo-stateful", "daemonset/demo-daemon" })
        {
            await RolledOutAsync(workload);
        }
    }

    public async ValueTask DisposeAsync() => (await suite.Kubectl.RunAsync("delete", "namespace", "demo")).MustSucceed();

    /// <summary>The spec of a workload, as text that can be compared.</summary>
    public async Task<string> SpecAsync(string kind, string name) =>
        (await suite.Kubectl.GetAsync(kind, "-n", "demo")).Single(item => (string?)item["metadata"]!["name"] == name)["spec"]!.ToJsonString();

    /// <summary>Pods of a workload that are not on their way out.</summary>
    public async Task<IReadOnlyList<JsonNode>> PodsAsync(string name) =>
        [.. (await suite.Kubectl.GetAsync("pods", "-n", "demo", "-l", $"app={name}")).Where(pod => pod["metadata"]!["deletionTimestamp"] is null)];

    public Task RolledOutAsync(string workload) => Eventually.TrueAsync(async () =>
    {
        var status = (await suite.Kubectl.RunAsync("rollout", "status", "-n", "demo", workload, "--watch=false")).Output;
        return status.Contains("successfully rolled out", StringComparison.Ordinal) || status.Contains("complete", StringComparison.Ordinal);
    }, $"{workload} rolled out");

    /// <summary>Asks for a workspace in a workload.</summary>
    public async Task<JsonObject> RequestAsync(string name, string kind, string target, string mode = "rollout", string blueprint = "look", string ns = "demo")
    {
        using var response = await suite.Requests.PostAsJsonAsync(
            "/v1/workspaces", new { name, blueprint, target = new { kind, @namespace = ns, name = target, mode } });
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, body);
        return JsonNode.Parse(body)!.AsObject();
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Workspaces;

/// <summary>Clients may repeat a request, and may wait for its end.</summary>
[Collection(RequestsCollection.Name)]
public sealed class IdempotencyTests(RunningRequests requests)
{
    [Fact]
    public async Task Post_WithTheSameKeyAndBody_GetsTheSameAnswer()
    {
        using var first = await PostAsync("key-1", new { name = "once", blueprint = "plain" });
        var answer = await first.ShouldBeAsync(HttpStatusCode.Accepted);
        await requests.Bus.PublishAsync(TestWorkspaces.Ready(id: (string)answer["id"]!));
        await requests.InStateAsync((string)answer["id"]!, "Ready");

        using var second = await PostAsync("key-1", new { name = "once", blueprint = "plain" });

        Assert.True(JsonNode.DeepEquals(answer, await second.ShouldBeAsync(HttpStatusCode.Accepted)));
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal("true", second.Headers.GetValues("Idempotency-Replayed").Single());
    }

    [Fact]
    public async Task Post_WithTheSameKeyAndAnotherBody_Is409()
    {
        using var first = await PostAsync("key-2", new { name = "twice", blueprint = "plain" });
        await first.ShouldBeAsync(HttpStatusCode.Accepted);

        using var second = await PostAsync("key-2", new { name = "twice-other", blueprint = "plain" });

        await second.ShouldBeProblemAsync(HttpStatusCode.Conflict, "idempotency-key-reused");
    }

    [Fact]
    public async Task Post_WithAnothersKey_IsAnotherRequest()
    {
        using var first = await PostAsync("key-3", new { name = "mine", blueprint = "plain" });
        await first.ShouldBeAsync(HttpStatusCode.Accepted);

        using var other = await PostAsync("key-3", new { name = "yours", blueprint = "plain" }, requests.Bob);

        Assert.Equal("bob", (string?)(await other.ShouldBeAsync(HttpStatusCode.Accepted))["owner"]);
    }

    [Fact]
    public async Task Post_AtTheSameTimeWithTheSameKey_MakesOneWorkspace()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => PostAsync("key-4", new { name = "race", blueprint = "plain" })));

        var ids = new HashSet<string>();
        foreach (var response in responses)
        {
            ids.Add((string)(await response.ShouldBeAsync(HttpStatusCode.Accepted))["id"]!);
            response.Dispose();
        }

        Assert.Single(ids);
    }

    [Fact]
    public async Task Post_AtTheSameTimeWithTheSameName_MakesOneWorkspace()
    {
        var responses = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ =>
            requests.Alice.PostAsJsonAsync("/v1/workspaces", new { name = "name-race", blueprint = "plain" })));

        Assert.Single(responses, response => response.StatusCode == HttpStatusCode.Accepted);
        foreach (var loser in responses.Where(response => response.StatusCode != HttpStatusCode.Accepted))
        {
            Assert.Equal(["/name"], (await loser.ShouldBeProblemAsync(HttpStatusCode.Conflict, "name-taken")).Pointers());
        }
    }

    [Fact]
    public async Task Post_ThatWaits_Is200WhenReady()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workspaces") { Content = JsonContent.Create(new { name = "patient", blueprint = "plain" }) };
        request.Headers.Add("Prefer", "wait=50");
        var waiting = requests.Alice.SendAsync(request);
        var published = await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["name"] == "patient");
        Assert.False(waiting.IsCompleted);

        await requests.Bus.PublishAsync(TestWorkspaces.Ready(id: (string)published.Message["workspaceId"]!));

        using var response = await waiting;
        Assert.Equal("Ready", (string?)(await response.ShouldBeAsync(HttpStatusCode.OK))["state"]);
    }

    [Fact]
    public async Task Post_ThatWaitsInVain_Is202()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workspaces") { Content = JsonContent.Create(new { name = "impatient", blueprint = "plain" }) };
        request.Headers.Add("Prefer", "respond-async, wait=1");

        using var response = await requests.Alice.SendAsync(request);

        Assert.Equal("Requested", (string?)(await response.ShouldBeAsync(HttpStatusCode.Accepted))["state"]);
    }

    private async Task<HttpResponseMessage> PostAsync(string key, object body, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workspaces") { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key);
        return await (client ?? requests.Alice).SendAsync(request);
    }
}

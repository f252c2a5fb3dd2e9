using System.Net;
using System.Net.Http.Json;
using System.Text;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Workspaces;

/// <summary>Wrong input gets problem details that say what to do; never a 500, never a stack trace.</summary>
[Collection(RequestsCollection.Name)]
public sealed class RefusalTests(RunningRequests requests)
{
    [Theory]
    [InlineData("", "malformed-json")]
    [InlineData("{", "malformed-json")]
    [InlineData("""{"name": "x", """, "malformed-json")]
    [InlineData("""{"name": "x", "name": "y"}""", "malformed-json")]
    [InlineData("[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]", "malformed-json")]
    [InlineData("null", "invalid-request")]
    [InlineData("[]", "invalid-request")]
    [InlineData("\"dev\"", "invalid-request")]
    [InlineData("""{"blueprnt": "plain"}""", "invalid-request", "/blueprnt")]
    [InlineData("""{"blueprint": 7}""", "invalid-request", "/blueprint")]
    [InlineData("""{"blueprint": "plain", "target": {"knd": "Deployment"}}""", "invalid-request", "/target/knd")]
    [InlineData("""{"blueprint": "plain", "target": {"mode": "later"}}""", "invalid-request", "/target/mode")]
    [InlineData("""{"blueprint": "plain", "target": {"mode": 1}}""", "invalid-request", "/target/mode")]
    [InlineData("""{"blueprint": "plain", "target": "payments"}""", "invalid-request", "/target")]
    [InlineData("""{"blueprint": "plain", "parameters": {"cpu": 2}}""", "invalid-request", "/parameters/cpu")]
    public async Task Post_OfABodyThatCannotBeRead_Is400(string body, string code, string? pointer = null)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await requests.Alice.PostAsync("/v1/workspaces", content);

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.BadRequest, code);
        if (pointer is not null)
        {
            Assert.Equal([pointer], problem.Pointers());
        }
    }

    [Theory]
    [InlineData("""{}""", "validation-failed", "/blueprint")]
    [InlineData("""{"blueprint": "plain", "name": "Not A Name"}""", "validation-failed", "/name")]
    [InlineData("""{"blueprint": "plain", "name": "a.b"}""", "validation-failed", "/name")]
    [InlineData("""{"blueprint": "plain", "ttl": "soon"}""", "validation-failed", "/ttl")]
    [InlineData("""{"blueprint": "rich", "parameters": {"team": "x"}, "ttl": "25h"}""", "validation-failed", "/ttl")]
    [InlineData("""{"blueprint": "plain", "target": {"kind": "Pod", "namespace": "shop", "name": "x"}}""", "validation-failed", "/target/kind")]
    [InlineData("""{"blueprint": "plain", "target": {"kind": "Deployment", "namespace": "Shop", "name": "x"}}""", "validation-failed", "/target/namespace")]
    [InlineData("""{"blueprint": "plain", "target": {"kind": "Deployment", "namespace": "shop"}}""", "validation-failed", "/target/name")]
    [InlineData("""{"blueprint": "plian"}""", "unknown-blueprint", "/blueprint")]
    [InlineData("""{"blueprint": "base"}""", "abstract-blueprint", "/blueprint")]
    [InlineData("""{"blueprint": "rich"}""", "invalid-parameter", "/parameters")]
    [InlineData("""{"blueprint": "rich", "parameters": {"team": "x", "cpu": "64"}}""", "invalid-parameter", "/parameters/cpu")]
    [InlineData("""{"blueprint": "rich", "parameters": {"team": "x", "cppu": "1"}}""", "invalid-parameter", "/parameters/cppu")]
    [InlineData("""{"blueprint": "target"}""", "invalid-blueprint", "/blueprint")]
    public async Task Post_OfARequestThatMakesNoSense_Is422AndPointsAtIt(string body, string code, string pointer)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await requests.Alice.PostAsync("/v1/workspaces", content);

        Assert.Equal([pointer], (await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, code)).Pointers().Distinct());
    }

    [Fact]
    public async Task Post_OfAnUnknownBlueprint_NamesTheNearest()
    {
        using var response = await requests.Alice.PostAsJsonAsync("/v1/workspaces", new { blueprint = "plian" });

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "unknown-blueprint");
        Assert.Contains("Did you mean 'plain'?", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OfSomethingElseThanJson_Is415()
    {
        using var content = new StringContent("name: x", Encoding.UTF8, "application/yaml");
        using var response = await requests.Alice.PostAsync("/v1/workspaces", content);

        Assert.Equal("unsupported-media-type", (string?)(await response.ShouldBeAsync(HttpStatusCode.UnsupportedMediaType))["code"]);
    }

    [Fact]
    public async Task Post_OfATooLargeBody_Is413()
    {
        using var content = new StringContent($$"""{"name": "{{new string('x', 2_000_000)}}"}""", Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/workspaces") { Content = content };
        request.Headers.ExpectContinue = true; // or the client may be cut off while it still sends

        using var response = await requests.Alice.SendAsync(request);

        await response.ShouldBeProblemAsync(HttpStatusCode.RequestEntityTooLarge, "body-too-large");
    }

    [Theory]
    [InlineData("alice")]
    [InlineData("taken")]
    public async Task Post_OfANameThatAUserOrWorkspaceHas_Is409(string name)
    {
        using var first = await requests.Alice.PostAsJsonAsync("/v1/workspaces", new { name = "taken", blueprint = "plain" });

        using var response = await requests.Bob.PostAsJsonAsync("/v1/workspaces", new { name, blueprint = "plain" });

        Assert.Equal(["/name"], (await response.ShouldBeProblemAsync(HttpStatusCode.Conflict, "name-taken")).Pointers());
    }

    [Theory]
    [InlineData(null, "missing-token")]
    [InlineData("wsk_wrong", "invalid-token")]
    [InlineData("wsk_wrong000000000000000000000000000000000000", "invalid-token")]
    [InlineData(TestKeys.Expired, "invalid-token")]
    public async Task Get_WithoutAGoodKey_Is401(string? key, string code)
    {
        using var response = await requests.Client(key).GetAsync("/v1/workspaces");

        await response.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, code);
        Assert.NotEmpty(response.Headers.WwwAuthenticate);
    }

    [Theory]
    [InlineData("POST", "/v1/workspaces")]
    [InlineData("DELETE", "/v1/workspaces/x")]
    [InlineData("GET", "/v1/blueprints")]
    [InlineData("GET", "/internal/v1/directory")]
    [InlineData("POST", "/internal/v1/introspect")]
    [InlineData("PUT", "/v1/users/alice")]
    public async Task Call_WithoutTheScope_Is403(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Content = method == "GET" ? null : path.Contains("introspect", StringComparison.Ordinal)
            ? new FormUrlEncodedContent([KeyValuePair.Create("token", "x")])
            : JsonContent.Create(new { });

        using var response = await requests.Client(TestKeys.ReadOnly).SendAsync(request);

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("GET", "/v1/nothing", HttpStatusCode.NotFound)]
    [InlineData("PATCH", "/v1/workspaces", HttpStatusCode.MethodNotAllowed)]
    public async Task Call_OfWhatDoesNotExist_IsAProblem(string method, string path, HttpStatusCode status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await requests.Alice.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Get_OfAStrangeName_Is404()
    {
        foreach (var name in new[] { "..%2F..", new string('x', 2000), "%F0%9F%92%A9", "'; drop table mt_events; --" })
        {
            using var response = await requests.Alice.GetAsync($"/v1/workspaces/{name}");

            await response.ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace-not-found");
        }
    }

    [Fact]
    public async Task OnBehalfOf_WithTheScope_ActsAsThatUserAndNoMore()
    {
        var bot = requests.Client(TestKeys.Bot, onBehalfOf: "alice");
        using var created = await bot.PostAsJsonAsync("/v1/workspaces", new { name = "by-bot", blueprint = "plain" });
        Assert.Equal("alice", (string?)(await created.ShouldBeAsync(HttpStatusCode.Accepted))["owner"]);
        var published = await requests.Bus.NextAsync("WorkspaceRequested", message => (string?)message["name"] == "by-bot");
        Assert.Equal("slack-bot", (string?)published.Message["requestedBy"]);

        using var foreign = await requests.Client(TestKeys.Bot, onBehalfOf: "bob").GetAsync("/v1/workspaces/by-bot");
        await foreign.ShouldBeProblemAsync(HttpStatusCode.NotFound, "workspace-not-found");
    }

    [Fact]
    public async Task OnBehalfOf_WithTheProxysKey_AsksForWorkspacesAndNothingWithout()
    {
        var proxy = requests.Client(TestKeys.Proxy, onBehalfOf: "alice");
        using var created = await proxy.PostAsJsonAsync("/v1/workspaces", new { name = "on-connect", blueprint = "plain" });
        await created.ShouldBeAsync(HttpStatusCode.Accepted);
        using var started = await proxy.PostAsync("/v1/workspaces/on-connect/start", null);
        await started.ShouldBeAsync(HttpStatusCode.Accepted);
        using var shown = await proxy.GetAsync("/v1/workspaces/on-connect");
        await shown.ShouldBeAsync(HttpStatusCode.OK);

        using var forNobody = await requests.Client(TestKeys.Proxy).PostAsJsonAsync("/v1/workspaces", new { name = "on-connect-2", blueprint = "plain" });
        await forNobody.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient-scope");
    }

    [Fact]
    public async Task OnBehalfOf_WhereItMayNotBe_IsRefused()
    {
        using var without = await requests.Client(TestKeys.Alice, onBehalfOf: "bob").GetAsync("/v1/workspaces");
        await without.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient-scope");

        using var unknown = await requests.Client(TestKeys.Bot, onBehalfOf: "nobody").GetAsync("/v1/workspaces");
        await unknown.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "unknown-user");

        using var forNobody = await requests.Client(TestKeys.Bot).PostAsJsonAsync("/v1/workspaces", new { blueprint = "plain" });
        await forNobody.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "no-user");
    }
}

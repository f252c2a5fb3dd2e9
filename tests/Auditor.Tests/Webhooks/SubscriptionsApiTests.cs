using System.Net;
using Workspaces.Auditor.Log;
using Xunit;

namespace Workspaces.Auditor.Tests.Webhooks;

/// <summary><c>/v1/subscriptions</c>: making, changing, seeing, removing.</summary>
public sealed class SubscriptionsApiTests : IAsyncLifetime
{
    private const string Url = "https://93.184.215.14/hook"; // never reached: nothing happens that it would be sent
    private readonly PostgresFixture _postgres = new();
    private AuditorHost _auditor = null!;
    private WebhookClient _api = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString);
        _api = new WebhookClient(_auditor);
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task Post_Subscription_IsThereWithoutItsSecret()
    {
        await _auditor.Get<LogWriter>().AppendAsync([Messages.Received(Messages.Ready())], TestContext.Current.CancellationToken);

        var (id, secret) = await _api.CreateAsync(new { url = Url, description = "billing", types = new[] { "SessionOpened", "SessionClosed" }, target = "shop/Deployment/payments" });

        var shown = await _api.GetAsync($"/{id}");
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Null(shown["secret"]);
        Assert.DoesNotContain(secret, shown.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal((Url, "billing", "Active", "test", 1, 0), (
            (string?)shown["url"], (string?)shown["description"], (string?)shown["state"], (string?)shown["createdBy"], (int)shown["sequence"]!, (int)shown["behind"]!));
        Assert.Equal(["SessionOpened", "SessionClosed"], shown["types"]!.AsArray().Select(type => (string?)type));
        Assert.Equal(id, (string?)Assert.Single((await _api.GetAsync(""))["subscriptions"]!.AsArray())!["id"]);
    }

    [Fact]
    public async Task Put_Subscription_ReplacesWhatItAsksFor()
    {
        var (id, _) = await _api.CreateAsync(new { url = Url, owner = "alice" });

        var (status, shown) = await _api.SendAsync(HttpMethod.Put, $"/{id}", new { url = Url + "2", workspace = "abc" });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal((Url + "2", "abc", null), ((string?)shown!["url"], (string?)shown["workspace"], (string?)shown["owner"]));
    }

    [Fact]
    public async Task Delete_Subscription_IsGone()
    {
        var (id, _) = await _api.CreateAsync(new { url = Url });

        Assert.Equal(HttpStatusCode.NoContent, (await _api.SendAsync(HttpMethod.Delete, $"/{id}")).Status);

        var (status, problem) = await _api.SendAsync(HttpMethod.Get, $"/{id}");
        Assert.Equal((HttpStatusCode.NotFound, "subscription-not-found"), (status, (string?)problem!["code"]));
    }

    [Theory]
    [InlineData("""{}""", "url")]
    [InlineData("""{"url":"http://example.com/"}""", "url")]
    [InlineData("""{"url":"https://169.254.169.254/"}""", "url")]
    [InlineData("""{"url":"https://example.com/","types":["Nothing"]}""", "types")]
    [InlineData("""{"url":"https://example.com/","types":["Unknown"]}""", "types")]
    [InlineData("""{"url":"https://example.com/","workspace":"UPPER"}""", "workspace")]
    [InlineData("""{"url":"https://example.com/","target":"payments"}""", "target")]
    [InlineData("""{"url":"https://example.com/","owner":""}""", "owner")]
    [InlineData("""{"url":"https://example.com/","after":-1}""", "after")]
    [InlineData("""{"url":"https://example.com/","after":7}""", "after")]
    [InlineData("""{"url":"https://example.com/","secret":"sesame"}""", "secret")]
    public async Task Post_BadMember_Is400ThatNamesIt(string body, string parameter)
    {
        var (status, problem) = await _api.SendAsync(HttpMethod.Post, "", System.Text.Json.Nodes.JsonNode.Parse(body));

        Assert.Equal((HttpStatusCode.BadRequest, "invalid-parameter", parameter), (status, (string?)problem!["code"], (string?)problem["parameter"]));
    }

    [Fact]
    public async Task Post_MisspeltMember_Is400()
    {
        var (status, problem) = await _api.SendAsync(HttpMethod.Post, "", new { url = Url, type = "SessionOpened" });

        Assert.Equal((HttpStatusCode.BadRequest, "malformed-json"), (status, (string?)problem!["code"]));
        Assert.Contains("type", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_StartBeforeTheLogBegins_Is410()
    {
        await _auditor.Get<LogWriter>().AppendAsync([Messages.Received(Messages.Ready()), Messages.Received(Messages.Ready())], TestContext.Current.CancellationToken);
        var (id, _) = await _api.CreateAsync(new { url = Url });
        await ArchivedLog.UptoAsync(_auditor, 1);

        Assert.Equal(HttpStatusCode.Gone, (await _api.SendAsync(HttpMethod.Post, "", new { url = Url, after = 0 })).Status);
        Assert.Equal(HttpStatusCode.Gone, (await _api.SendAsync(HttpMethod.Post, $"/{id}/replays", new { from = 1, to = 2 })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await _api.SendAsync(HttpMethod.Post, $"/{id}/replays", new { from = 2, to = 3 })).Status);
    }

    [Fact]
    public async Task Subscription_OfSomebodyElse_IsNotThere()
    {
        const string Other = "subscriptions:manage sub=other";
        var (id, _) = await _api.CreateAsync(new { url = Url });

        foreach (var (method, path) in new[] { (HttpMethod.Get, ""), (HttpMethod.Delete, ""), (HttpMethod.Post, "/rotate-secret"), (HttpMethod.Get, "/deliveries"), (HttpMethod.Post, "/pause") })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await _api.SendAsync(method, $"/{id}{path}", token: Other)).Status);
        }

        Assert.Empty((await _api.SendAsync(HttpMethod.Get, "", token: Other)).Json!["subscriptions"]!.AsArray());
        Assert.Equal(HttpStatusCode.OK, (await _api.SendAsync(HttpMethod.Get, $"/{id}", token: "admin sub=root")).Status);
    }

    [Fact]
    public async Task Call_WithoutTheScope_Is403() => Assert.Equal(HttpStatusCode.Forbidden, (await _api.SendAsync(HttpMethod.Get, "", token: "events:read")).Status);

    [Theory]
    [InlineData("?state=lost", "state")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?states=dead", "states")]
    public async Task GetDeliveries_BadParameter_Is400ThatNamesIt(string query, string parameter)
    {
        var (id, _) = await _api.CreateAsync(new { url = Url });

        var (status, problem) = await _api.SendAsync(HttpMethod.Get, $"/{id}/deliveries{query}");

        Assert.Equal((HttpStatusCode.BadRequest, parameter), (status, (string?)problem!["parameter"]));
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.ServiceDefaults.Authentication;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Authentication;

/// <summary>Bearer tokens, checked by asking Requests.</summary>
public sealed class IntrospectionTests : IAsyncLifetime
{
    private readonly string _keyFile = Path.GetTempFileName();
    private FakeRequests _requests = null!;
    private TestApi _api = null!;

    public async ValueTask InitializeAsync()
    {
        _requests = await FakeRequests.StartAsync();
        _requests.Tokens["dev-key"] = new TokenInfo
        {
            Active = true,
            Subject = "dev",
            Username = "dev",
            ClientId = "laptop",
            Key = "laptop",
            Scope = "workspaces:read events:read",
            Roles = ["admin"],
        };
        _requests.Tokens["narrow-key"] = new TokenInfo { Active = true, Subject = "bot", Scope = "workspaces:read" };
        _requests.Tokens["admin-key"] = new TokenInfo { Active = true, Subject = "root", Scope = "admin" };
        await File.WriteAllTextAsync(_keyFile, "wsk_own\n", TestContext.Current.CancellationToken);
        _api = await TestApi.StartAsync(builder => builder.AddApiKeyAuthentication(), new Dictionary<string, string?>
        {
            ["Requests:Url"] = _requests.Address.AbsoluteUri,
            ["ApiKeys:Own:File"] = _keyFile,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _api.DisposeAsync();
        await _requests.DisposeAsync();
        File.Delete(_keyFile);
    }

    [Fact]
    public async Task Get_ActiveToken_IsAuthenticatedWithItsClaims()
    {
        using var response = await _api.GetAsync("/who", "dev-key");

        var who = await response.Content.ReadFromJsonAsync<TestApi.Who>(TestContext.Current.CancellationToken);
        Assert.Equal(new TestApi.Who("dev", "dev", "laptop", IsAdmin: true), who);
        Assert.Equal("Bearer wsk_own", _requests.LastAuthorization);
    }

    [Theory]
    [InlineData(null, "missing-token")]
    [InlineData("unknown-key", "invalid-token")]
    [InlineData("", "invalid-token")]
    public async Task Get_NoValidToken_Is401(string? token, string code)
    {
        using var response = await _api.GetAsync("/events", token);

        await AssertProblemAsync(response, HttpStatusCode.Unauthorized, code);
        Assert.StartsWith("Bearer", response.Headers.WwwAuthenticate.Single().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ScopeMissing_Is403AndNamesTheScope()
    {
        using var response = await _api.GetAsync("/events", "narrow-key");

        var problem = await AssertProblemAsync(response, HttpStatusCode.Forbidden, "insufficient-scope");
        Assert.Contains("events:read", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("dev-key")]
    [InlineData("admin-key")]
    public async Task Get_WithScopeOrAdmin_IsAllowed(string token)
    {
        using var response = await _api.GetAsync("/events", token);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Get_EndpointWithoutPolicy_StillNeedsAToken()
    {
        using var response = await _api.GetAsync("/who");

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task Get_SameTokenAgain_IsAskedOnce()
    {
        using var first = await _api.GetAsync("/who", "dev-key");
        using var second = await _api.GetAsync("/who", "dev-key");
        using var third = await _api.GetAsync("/who", "unknown");
        using var fourth = await _api.GetAsync("/who", "unknown");

        Assert.Equal(["dev-key", "unknown"], _requests.Asked);
    }

    [Fact]
    public async Task Get_TokenExpiresWhileCached_IsRefused()
    {
        _requests.Tokens["short"] = new TokenInfo { Active = true, Subject = "dev", ExpiresAt = DateTimeOffset.UtcNow.AddSeconds(2).ToUnixTimeSeconds() };
        using var before = await _api.GetAsync("/who", "short");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        await Eventually.TrueAsync(
            async () =>
            {
                using var after = await _api.GetAsync("/who", "short");
                return after.StatusCode == HttpStatusCode.Unauthorized;
            },
            "the expired token is refused");
        Assert.Single(_requests.Asked);
    }

    [Fact]
    public async Task Get_RequestsFails_Is503AndNotRemembered()
    {
        _requests.Status = HttpStatusCode.InternalServerError;
        using var failed = await _api.GetAsync("/who", "dev-key");
        await AssertProblemAsync(failed, HttpStatusCode.ServiceUnavailable, "authentication-unavailable");

        _requests.Status = HttpStatusCode.OK;
        using var later = await _api.GetAsync("/who", "dev-key");
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
    }

    [Fact]
    public async Task Get_RequestsUnreachable_Is503()
    {
        await using var api = await TestApi.StartAsync(builder => builder.AddApiKeyAuthentication(), new Dictionary<string, string?>
        {
            ["Requests:Url"] = "http://127.0.0.1:1",
            ["ApiKeys:Own"] = "wsk_own",
        });

        using var response = await api.GetAsync("/who", "dev-key");

        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "authentication-unavailable");
    }

    [Fact]
    public async Task Get_OwnKeyRotated_NewOneIsShown()
    {
        using var before = await _api.GetAsync("/who", "dev-key");
        await File.WriteAllTextAsync(_keyFile, "wsk_new", TestContext.Current.CancellationToken);

        using var after = await _api.GetAsync("/who", "narrow-key");

        Assert.Equal("Bearer wsk_new", _requests.LastAuthorization);
    }

    private static async Task<JsonNode> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal(code, (string?)problem["code"]);
        return problem;
    }
}

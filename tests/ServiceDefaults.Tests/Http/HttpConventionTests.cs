using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Workspaces.ServiceDefaults.Authentication;
using Workspaces.ServiceDefaults.Tests.Authentication;
using Xunit;

namespace Workspaces.ServiceDefaults.Tests.Http;

/// <summary>What every service answers where nobody wrote an answer.</summary>
public sealed class HttpConventionTests : IAsyncLifetime
{
    private TestApi _api = null!;

    public async ValueTask InitializeAsync() =>
        _api = await TestApi.StartAsync(builder => builder.AddApiKeyAuthentication<EveryoneValidator>());

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Get_EndpointThrows_Is500WithoutTheCause()
    {
        using var response = await _api.GetAsync("/broken");

        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("internal-error", (string?)JsonNode.Parse(body)!["code"]);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain(" at ", body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"subject\":", "malformed-json")]
    [InlineData("{\"subject\":5}", "malformed-json")]
    [InlineData("[]", "malformed-json")]
    public async Task Post_BadJson_Is400ThatSaysWhere(string body, string code)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _api.Client.PostAsync("/body", content, TestContext.Current.CancellationToken);

        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(code, (string?)problem["code"]);
        Assert.DoesNotContain("   at ", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_NotJson_Is415()
    {
        using var content = new StringContent("hello", Encoding.UTF8, "text/plain");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/body") { Content = content };
        request.Headers.Authorization = new("Bearer", "any"); // where no endpoint fits, none allows anonymous requests
        using var response = await _api.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
        Assert.Equal("unsupported-media-type", (string?)(await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["code"]);
    }

    [Fact]
    public async Task Get_UnknownPath_Is404WithCode()
    {
        using var response = await _api.GetAsync("/nothing/here", "any");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("not-found", (string?)(await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["code"]);
    }

    [Fact]
    public async Task Problem_WithMembers_HasThemBesideTheCode()
    {
        using var response = await _api.GetAsync("/refused");

        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal(("out-of-tea", "green", "Make some."), ((string?)problem["code"], (string?)problem["kind"], (string?)problem["detail"]));
    }

    [Fact]
    public async Task Get_Health_NeedsNoToken()
    {
        using var live = await _api.GetAsync("/health/live");
        using var ready = await _api.GetAsync("/health/ready");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.StatusCode, ready.StatusCode));
    }

    [Fact]
    public async Task Get_Anything_DoesNotNameTheServerAndIsNotCached()
    {
        using var response = await _api.GetAsync("/open");

        Assert.False(response.Headers.Contains("Server"));
        Assert.True(response.Headers.CacheControl?.NoStore);
    }

    private sealed class EveryoneValidator : ITokenValidator
    {
        public Task<TokenInfo> ValidateAsync(string token, CancellationToken cancellationToken) =>
            Task.FromResult(new TokenInfo { Active = true, Subject = token });
    }
}

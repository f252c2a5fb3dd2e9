using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Authentication;

/// <summary>API keys that are made and revoked at run time.</summary>
[Collection(RequestsCollection.Name)]
public sealed class ApiKeysApiTests(RunningRequests requests)
{
    [Fact]
    public async Task Key_FromItsMakingToItsEnd_OpensWhatItsScopesSay()
    {
        var administrator = requests.Client(TestKeys.Everything);
        using var created = await administrator.PostAsJsonAsync("/v1/api-keys", new { name = "ci", scopes = new[] { "workspaces:read" }, user = "alice", ttl = "90d" });
        var key = await created.ShouldBeAsync(HttpStatusCode.Created);
        var secret = (string)key["key"]!;
        Assert.True((DateTimeOffset)key["expiresAt"]! > DateTimeOffset.UtcNow.AddDays(89));

        using (var read = await requests.Client(secret).GetAsync("/v1/workspaces"))
        {
            await read.ShouldBeAsync(HttpStatusCode.OK);
        }

        using (var write = await requests.Client(secret).PostAsJsonAsync("/v1/workspaces", new { blueprint = "plain" }))
        {
            await write.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient-scope");
        }

        using (var again = await administrator.PostAsJsonAsync("/v1/api-keys", new { name = "ci", scopes = new[] { "workspaces:read" } }))
        {
            await again.ShouldBeProblemAsync(HttpStatusCode.Conflict, "key-name-taken");
        }

        // Listed, and its secret is nowhere.
        var listed = (await administrator.GetFromJsonAsync<JsonArray>("/v1/api-keys"))!;
        Assert.Contains(listed, item => (string?)item!["name"] == "ci");
        Assert.DoesNotContain("wsk_", listed.ToJsonString(), StringComparison.Ordinal);

        using (var revoked = await administrator.DeleteAsync("/v1/api-keys/ci"))
        {
            Assert.Equal(HttpStatusCode.NoContent, revoked.StatusCode);
        }

        using var after = await requests.Client(secret).GetAsync("/v1/workspaces");
        await after.ShouldBeProblemAsync(HttpStatusCode.Unauthorized, "invalid-token");
    }

    [Theory]
    [InlineData("""{"name": "A B", "scopes": ["admin"]}""", "/name")]
    [InlineData("""{"name": "a", "scopes": []}""", "/scopes")]
    [InlineData("""{"name": "a", "scopes": ["workspace:read"]}""", "/scopes")]
    [InlineData("""{"name": "a", "scopes": ["admin"], "user": "nobody"}""", "/user")]
    [InlineData("""{"name": "a", "scopes": ["admin"], "ttl": "never"}""", "/ttl")]
    public async Task Create_OfABadKey_PointsAtIt(string body, string pointer)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await requests.Client(TestKeys.Everything).PostAsync("/v1/api-keys", content);

        Assert.Equal([pointer], (await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "validation-failed")).Pointers());
    }

    [Fact]
    public async Task Keys_AreForAdministratorsKeysOnly()
    {
        // An administrator's own narrow key cannot be widened by making another.
        using var response = await requests.Admin.PostAsJsonAsync("/v1/api-keys", new { name = "more", scopes = new[] { "admin" } });

        await response.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "insufficient-scope");
    }

    [Fact]
    public async Task Revoke_OfAKeyThatWouldComeBack_SaysWhereItIsFrom()
    {
        using var bootstrap = await requests.Client(TestKeys.Everything).DeleteAsync("/v1/api-keys/alice");
        await bootstrap.ShouldBeProblemAsync(HttpStatusCode.Conflict, "key-from-bootstrap");
        using var none = await requests.Client(TestKeys.Everything).DeleteAsync("/v1/api-keys/none");
        await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "api-key-not-found");
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.Requests.Tests.Running;

namespace Workspaces.Requests.Tests.Users;

/// <summary>Users and their keys against the real service.</summary>
[Collection(RequestsCollection.Name)]
public sealed class UsersApiTests(RunningRequests requests)
{
    private const string KeyOne = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKBoCGsWRVYGjgk7e7mD2O4IAWPsih6WINEuWO3x2KbS one@x";

    [Fact]
    public async Task GetMe_SaysWhoOneIs()
    {
        var me = (await requests.Alice.GetFromJsonAsync<JsonObject>("/v1/users/me"))!;

        Assert.Equal("alice", (string?)me["name"]);
        Assert.Equal("user", (string?)me["role"]);
        Assert.Equal(TestKeys.AliceFingerprint, (string?)me["keys"]![0]!["fingerprint"]);

        using var bot = await requests.Client(TestKeys.Bot).GetAsync("/v1/users/me");
        await bot.ShouldBeProblemAsync(HttpStatusCode.NotFound, "no-user");
    }

    [Fact]
    public async Task PutAndKeys_OfAUser_AreAnnounced()
    {
        using var created = await requests.Admin.PutAsJsonAsync("/v1/users/carol", new { uid = 1600, email = "carol@example.com", groups = new[] { "ops" }, role = "operator" });
        Assert.Equal("operator", (string?)(await created.ShouldBeAsync(HttpStatusCode.Created))["role"]);
        using var same = await requests.Admin.PutAsJsonAsync("/v1/users/carol", new { uid = 1600, email = "carol@example.com", groups = new[] { "ops" }, role = "operator" });
        await same.ShouldBeAsync(HttpStatusCode.OK);

        using var added = await requests.Admin.PostAsJsonAsync("/v1/users/carol/keys", new { key = KeyOne + "\n" });
        var key = await added.ShouldBeAsync(HttpStatusCode.Created);
        Assert.Equal("one@x", (string?)key["comment"]);
        var first = await requests.Bus.NextAsync("UserKeysChanged", message => (string?)message["user"] == "carol");
        Assert.Equal(1, (long?)first.Message["version"]);
        Assert.Equal(string.Join(' ', KeyOne.Split(' ')[..2]), (string?)first.Message["keys"]![0]);

        using var again = await requests.Admin.PostAsJsonAsync("/v1/users/carol/keys", new { key = KeyOne });
        await again.ShouldBeAsync(HttpStatusCode.OK);

        // A key belongs to one user, and whose it is stays theirs to tell.
        using var stolen = await requests.Bob.PostAsJsonAsync("/v1/users/bob/keys", new { key = KeyOne });
        var problem = await stolen.ShouldBeProblemAsync(HttpStatusCode.Conflict, "key-taken");
        Assert.DoesNotContain("carol", problem.ToJsonString(), StringComparison.Ordinal);

        using var removed = await requests.Admin.DeleteAsync(added.Headers.Location);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        var second = await requests.Bus.NextAsync("UserKeysChanged", message => (string?)message["user"] == "carol" && (long?)message["version"] == 2);
        Assert.Empty(second.Message["keys"]!.AsArray());

        using var free = await requests.Bob.PostAsJsonAsync("/v1/users/bob/keys", new { key = KeyOne });
        await free.ShouldBeAsync(HttpStatusCode.Created);
    }

    [Fact]
    public async Task Users_OfOthers_DoNotExistForAUser()
    {
        using var read = await requests.Bob.GetAsync("/v1/users/alice/keys");
        await read.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user-not-found");
        using var write = await requests.Bob.PostAsJsonAsync("/v1/users/alice/keys", new { key = KeyOne });
        await write.ShouldBeProblemAsync(HttpStatusCode.NotFound, "user-not-found");
        using var promoted = await requests.Bob.PutAsJsonAsync("/v1/users/bob", new { role = "admin" });
        await promoted.ShouldBeProblemAsync(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Put_OfAWorkspacesName_Is409()
    {
        await requests.CreateAsync("notauser");

        using var response = await requests.Admin.PutAsJsonAsync("/v1/users/notauser", new { });

        await response.ShouldBeProblemAsync(HttpStatusCode.Conflict, "name-taken");
    }

    [Theory]
    [InlineData("Dave", """{}""", "validation-failed", "/name")]
    [InlineData("dave.x", """{}""", "validation-failed", "/name")]
    [InlineData("dave", """{"uid": 0, "gid": 7}""", "validation-failed", "/uid")]
    [InlineData("dave", """{"email": "nobody"}""", "validation-failed", "/email")]
    [InlineData("dave", """{"groups": ["a b"]}""", "validation-failed", "/groups/0")]
    [InlineData("dave", """{"role": "king"}""", "invalid-request", "/role")]
    [InlineData("dave", """{"uid": "many"}""", "invalid-request", "/uid")]
    [InlineData("dave", """{"nick": "d"}""", "invalid-request", "/nick")]
    public async Task Put_OfABadUser_PointsAtIt(string name, string body, string code, string pointer)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await requests.Admin.PutAsync($"/v1/users/{name}", content);

        var status = code == "invalid-request" ? HttpStatusCode.BadRequest : HttpStatusCode.UnprocessableEntity;
        Assert.Equal([pointer], (await response.ShouldBeProblemAsync(status, code)).Pointers());
    }

    [Fact]
    public async Task AddKey_OfABadLine_SaysWhy()
    {
        using var response = await requests.Alice.PostAsJsonAsync("/v1/users/alice/keys", new { key = "-----BEGIN OPENSSH PRIVATE KEY-----" });

        var problem = await response.ShouldBeProblemAsync(HttpStatusCode.UnprocessableEntity, "validation-failed");
        Assert.Contains("private key", (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task RemoveKey_ThatIsNotThere_SaysSo()
    {
        using var missing = await requests.Alice.DeleteAsync("/v1/users/alice/keys");
        await missing.ShouldBeProblemAsync(HttpStatusCode.BadRequest, "missing-parameter");
        using var none = await requests.Alice.DeleteAsync("/v1/users/alice/keys?fingerprint=SHA256:none");
        await none.ShouldBeProblemAsync(HttpStatusCode.NotFound, "key-not-found");
    }
}

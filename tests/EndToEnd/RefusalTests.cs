using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace Workspaces.EndToEnd;

/// <summary>Wrong input and foreign property: each refusal is clear and tells no more than it should.</summary>
public sealed class RefusalTests(Suite suite, SharedWorkspace workspace) : IClassFixture<SharedWorkspace>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workspaces-refusals-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Ssh_WithAnUnknownKey_IsDenied()
    {
        var result = await suite.Ssh.WithKey(await NewKeyAsync("stranger")).ExecAsync(workspace.Name, "true");

        Assert.Equal(255, result.ExitCode);
        Assert.Contains("Permission denied (publickey)", result.Error, StringComparison.Ordinal);
        NoInternals(result.Error);
    }

    [Fact]
    public async Task Ssh_ToAnothersWorkspace_SaysTheSameAsToNone()
    {
        var key = await NewKeyAsync("mallory");
        using var user = await suite.Requests.PutAsJsonAsync("/v1/users/mallory", new { uid = 1500, gid = 1500, email = "mallory@example.com" });
        Assert.True(user.IsSuccessStatusCode, await user.Content.ReadAsStringAsync());
        using var added = await suite.Requests.PostAsJsonAsync("/v1/users/mallory/keys", new { key = await File.ReadAllTextAsync(key + ".pub") });
        Assert.True(added.IsSuccessStatusCode, await added.Content.ReadAsStringAsync());
        var mallory = suite.Ssh.WithKey(key);

        var unknown = await Eventually.FindAsync(async () =>
        {
            var asked = await mallory.ExecAsync("no-such-workspace", "true");
            return asked.Error.Contains("Permission denied", StringComparison.Ordinal) ? null : asked;
        }, "the key known to the Proxy");
        var foreign = await mallory.ExecAsync(workspace.Name, "true");

        Assert.Equal(255, foreign.ExitCode);
        Assert.Equal(255, unknown.ExitCode);
        Assert.Equal(
            Sentence(unknown).Replace("no-such-workspace", "NAME", StringComparison.Ordinal),
            Sentence(foreign).Replace(workspace.Name, "NAME", StringComparison.Ordinal));
        NoInternals(foreign.Error);
    }

    [Fact]
    public async Task Ssh_WithALoginNameThatCannotBeRead_SaysWhatToDo()
    {
        var result = await suite.Ssh.ExecAsync("dev~nokey=1", "true");

        Assert.Equal(255, result.ExitCode);
        Assert.Contains("nokey", result.Error, StringComparison.Ordinal);
        NoInternals(result.Error);
    }

    [Fact]
    public async Task Post_WithoutAnApiKey_Is401()
    {
        using var client = new HttpClient { BaseAddress = new Uri(suite["REQUESTS_URL"]) };

        using var response = await client.PostAsJsonAsync("/v1/workspaces", new { name = "nobody", blueprint = "dev" });

        await IsProblemAsync(response, HttpStatusCode.Unauthorized);
        Assert.NotEmpty(response.Headers.WwwAuthenticate);
    }

    [Fact]
    public async Task Post_WithAWrongApiKey_Is401()
    {
        using var client = suite.Client(suite["REQUESTS_URL"], "wsk_wrong");

        using var response = await client.PostAsJsonAsync("/v1/workspaces", new { name = "nobody", blueprint = "dev" });

        await IsProblemAsync(response, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Post_OfMalformedJson_Is400AndSaysWhere()
    {
        using var response = await suite.Requests.PostAsync(
            "/v1/workspaces", new StringContent("""{"name": "x", """, Encoding.UTF8, "application/json"));

        await IsProblemAsync(response, HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Post_WithAnUnknownBlueprint_NamesTheNearest()
    {
        using var response = await suite.Requests.PostAsJsonAsync("/v1/workspaces", new { name = "bad-blueprint", blueprint = "dve" });

        var problem = await IsProblemAsync(response, null);
        Assert.InRange((int)response.StatusCode, 400, 422);
        Assert.Contains("dev", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithANameThatIsNoDnsLabel_PointsAtTheField()
    {
        using var response = await suite.Requests.PostAsJsonAsync("/v1/workspaces", new { name = "Not A Name", blueprint = "dev" });

        var problem = await IsProblemAsync(response, null);
        Assert.InRange((int)response.StatusCode, 400, 422);
        Assert.Contains("/name", problem.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_OfANameThatIsTaken_Is409()
    {
        using var response = await suite.Requests.PostAsJsonAsync("/v1/workspaces", new { name = workspace.Name, blueprint = "dev" });

        await IsProblemAsync(response, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Get_OfAnUnknownWorkspace_Is404()
    {
        using var response = await suite.Requests.GetAsync("/v1/workspaces/no-such-workspace");

        await IsProblemAsync(response, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Events_WithoutAnApiKey_Are401()
    {
        using var client = new HttpClient { BaseAddress = new Uri(suite["AUDITOR_URL"]) };

        using var response = await client.GetAsync("/v1/events");

        await IsProblemAsync(response, HttpStatusCode.Unauthorized);
    }

    private async Task<string> NewKeyAsync(string name)
    {
        var key = Path.Combine(_folder, name);
        (await Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", key])).MustSucceed();
        return key;
    }

    /// <summary>RFC 9457 with a stable code and a sentence.</summary>
    private static async Task<JsonObject> IsProblemAsync(HttpResponseMessage response, HttpStatusCode? status)
    {
        var body = await response.Content.ReadAsStringAsync();
        Assert.True(status is null || response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonNode.Parse(body)!.AsObject();
        Assert.False(string.IsNullOrEmpty((string?)problem["code"]), body);
        Assert.False(string.IsNullOrEmpty((string?)problem["detail"]), body);
        NoInternals(body);
        return problem;
    }

    private static string Sentence(CommandResult result) => result.Error.Trim();

    private static void NoInternals(string text)
    {
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
    }
}

using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.Auditor.Log;
using Xunit;

namespace Workspaces.Auditor.Tests.Querying;

/// <summary><c>GET /v1/events</c>, a page at a time.</summary>
public sealed class EventsApiTests : IAsyncLifetime
{
    private static readonly Guid Session = Guid.NewGuid();
    private readonly PostgresFixture _postgres = new();
    private AuditorHost _auditor = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString);
        await _auditor.Get<LogWriter>().AppendAsync(
            [
                Messages.Received(Messages.Requested("abc", owner: "alice", requestedBy: "bot")),
                Messages.Received(Messages.Ready("abc")),
                Messages.Received(Messages.Requested("xyz", owner: "carol", requestedBy: "carol")),
                Messages.Received(Messages.Session(Session, "abc", user: "bob")),
                Messages.Received(Messages.Ready("xyz")),
            ],
            TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Theory]
    [InlineData("", new[] { 1, 2, 3, 4, 5 })]
    [InlineData("?after=3", new[] { 4, 5 })]
    [InlineData("?after=5", new int[0])]
    [InlineData("?limit=2", new[] { 1, 2 })]
    [InlineData("?type=WorkspaceReady", new[] { 2, 5 })]
    [InlineData("?type=WorkspaceReady,SessionOpened", new[] { 2, 4, 5 })]
    [InlineData("?type=WorkspaceReady&type=SessionOpened&after=2", new[] { 4, 5 })]
    [InlineData("?workspace=abc", new[] { 1, 2, 4 })]
    [InlineData("?owner=alice", new[] { 1, 2, 4 })]
    [InlineData("?user=bob", new[] { 4 })]
    [InlineData("?owner=carol&type=WorkspaceReady", new[] { 5 })]
    [InlineData("?owner=nobody", new int[0])]
    [InlineData("?after=1&upto=3", new[] { 2, 3 })]
    [InlineData("?since=2026-03-01T12:00:00Z", new[] { 1, 2, 3, 4, 5 })]
    [InlineData("?since=2026-03-01T13:00:01%2B01:00", new int[0])]
    [InlineData("?until=2026-03-01T12:00:00Z", new int[0])]
    [InlineData("?since=2026-03-01T12:00:00Z&until=2026-03-01T12:00:01Z&type=WorkspaceReady", new[] { 2, 5 })]
    [InlineData("?after=&type=&workspace=&owner=&limit=", new[] { 1, 2, 3, 4, 5 })]
    public async Task Get_Filter_GivesWhatMatchesInOrder(string query, int[] sequences)
    {
        var page = await ReadAsync(query);

        Assert.Equal(sequences, page["events"]!.AsArray().Select(e => (int)e!["sequence"]!));
    }

    [Fact]
    public async Task Get_Session_GivesItsEvents() => Assert.Equal(4, (int)(await ReadAsync($"?session={Session}"))["events"]![0]!["sequence"]!);

    [Fact]
    public async Task Get_Event_HasItsOriginalAndWhatIsKnownAboutIt()
    {
        var e = (await ReadAsync("?after=3&limit=1"))["events"]![0]!;

        Assert.Equal("SessionOpened", (string?)e["type"]);
        Assert.Equal("alice", (string?)e["owner"]);
        Assert.Equal("bob", (string?)e["user"]);
        Assert.Equal("18db29c23e8b2866e4655ed473ae38ae", (string?)e["traceId"]);
        Assert.Equal("SHA256:abc", (string?)e["data"]!["keyFingerprint"]);
        Assert.Equal((string?)e["eventId"], (string?)e["data"]!["eventId"]);
        Assert.Equal(Messages.Time, (DateTimeOffset)e["occurredAt"]!);
    }

    [Fact]
    public async Task Get_PageAfterPage_GivesEachEventOnceAndThenWaitsAtTheEnd()
    {
        var seen = new List<int>();
        long after = 0;
        JsonNode page;
        do
        {
            page = await ReadAsync($"?after={after}&limit=2");
            seen.AddRange(page["events"]!.AsArray().Select(e => (int)e!["sequence"]!));
            after = (long)page["next"]!;
        }
        while ((bool)page["more"]!);

        Assert.Equal([1, 2, 3, 4, 5], seen);
        Assert.Equal(5, after);
    }

    [Fact]
    public async Task Get_NothingMatches_NextIsTheEndOfTheLog()
    {
        var page = await ReadAsync("?owner=nobody");

        Assert.Equal((5, false), ((int)page["next"]!, (bool)page["more"]!));
    }

    [Theory]
    [InlineData("after=-1", "after")]
    [InlineData("after=x", "after")]
    [InlineData("after=99999999999999999999", "after")]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=1001", "limit")]
    [InlineData("limit=1&limit=2", "limit")]
    [InlineData("type=Nothing", "type")]
    [InlineData("type=WorkspaceActivity", "type")]
    [InlineData("workspace=UPPER", "workspace")]
    [InlineData("session=1", "session")]
    [InlineData("target=payments", "target")]
    [InlineData("upto=0", "upto")]
    [InlineData("since=2026-03-01", "since")]
    [InlineData("since=2026-03-01T12:00:00", "since")]
    [InlineData("until=soon", "until")]
    [InlineData("ownr=alice", "ownr")]
    public async Task Get_BadParameter_Is400ThatNamesIt(string query, string parameter)
    {
        using var response = await GetAsync($"?{query}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        Assert.Equal(("invalid-parameter", parameter), ((string?)problem["code"], (string?)problem["parameter"]));
        Assert.Contains(parameter, (string?)problem["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UptoWithinTheLog_EndsThere()
    {
        var page = await ReadAsync("?upto=3&limit=2");
        var rest = await ReadAsync($"?upto=3&after={page["next"]}");

        Assert.Equal((2, true), ((int)page["next"]!, (bool)page["more"]!));
        Assert.Equal((3, false), ((int)rest["next"]!, (bool)rest["more"]!));
    }

    [Fact]
    public async Task Get_CursorBeforeTheBeginning_Is410()
    {
        await ArchivedLog.UptoAsync(_auditor, 3);

        using var tooOld = await GetAsync("?after=2");
        using var oldEnough = await GetAsync("?after=3");

        Assert.Equal((HttpStatusCode.Gone, HttpStatusCode.OK), (tooOld.StatusCode, oldEnough.StatusCode));
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData("workspaces:read", HttpStatusCode.Forbidden)]
    public async Task Get_WithoutTheScope_IsRefused(string? token, HttpStatusCode status)
    {
        using var response = await GetAsync("", token);

        Assert.Equal(status, response.StatusCode);
    }

    private async Task<JsonNode> ReadAsync(string query)
    {
        using var response = await GetAsync(query);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
    }

    private Task<HttpResponseMessage> GetAsync(string query, string? token = "events:read") => _auditor.GetAsync($"/v1/events{query}", token);
}

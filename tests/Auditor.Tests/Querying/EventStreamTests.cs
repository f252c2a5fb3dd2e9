using System.Net;
using System.Text.Json.Nodes;
using Workspaces.Auditor.Log;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Auditor.Tests.Querying;

/// <summary><c>GET /v1/events</c> as Server-Sent Events.</summary>
public sealed class EventStreamTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private AuditorHost _auditor = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString);
        await AppendAsync(Messages.Requested("abc"), Messages.Ready("abc"), Messages.Ready("xyz"));
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task Stream_FromTheBeginning_HasWhatIsThereAndWhatComes()
    {
        using var stream = await OpenAsync();
        Assert.Equal("text/event-stream", stream.ContentType);
        var first = await stream.NextAsync();
        await stream.NextAsync();
        await stream.NextAsync();

        await AppendAsync(Messages.Ready("new"));

        var (id, name, data) = await stream.NextAsync();
        Assert.Equal(("1", "WorkspaceRequested"), (first.Id, first.Event));
        Assert.Equal(("4", "WorkspaceReady"), (id, name));
        Assert.Equal("1.0", (string?)data["specversion"]);
        Assert.Equal("dev.workspaces.WorkspaceReady", (string?)data["type"]);
        Assert.Equal("new", (string?)data["data"]!["workspaceId"]);
    }

    [Fact]
    public async Task Stream_LastEventId_GoesOnAfterIt()
    {
        using var stream = await OpenAsync(lastEventId: "2");

        Assert.Equal("3", (await stream.NextAsync()).Id);
    }

    [Fact]
    public async Task Stream_Filter_HasOnlyWhatMatches()
    {
        using var stream = await OpenAsync("?workspace=abc&type=WorkspaceReady");
        Assert.Equal("2", (await stream.NextAsync()).Id);

        await AppendAsync(Messages.Ready("other"), Messages.Ready("abc"));

        Assert.Equal("5", (await stream.NextAsync()).Id);
    }

    [Fact]
    public async Task Stream_SlowClient_HoldsUpNeitherTheLogNorOthers()
    {
        using var slow = await OpenAsync(); // never read
        var many = Enumerable.Range(0, 2000).Select(IWorkspaceEvent (_) => Messages.Requested()).ToArray();
        await AppendAsync(many);
        using var other = await OpenAsync("?after=2002");

        Assert.Equal("2003", (await other.NextAsync()).Id);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    public async Task Stream_BadLastEventId_Is400(string lastEventId)
    {
        using var response = await SendAsync("", lastEventId);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task AppendAsync(params IWorkspaceEvent[] events) =>
        await _auditor.Get<LogWriter>().AppendAsync([.. events.Select(Messages.Received)], TestContext.Current.CancellationToken);

    private async Task<HttpResponseMessage> SendAsync(string query, string? lastEventId)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/events{query}");
        request.Headers.Authorization = new("Bearer", "events:read");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        return await _auditor.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    private async Task<EventStreamReader> OpenAsync(string query = "", string? lastEventId = null)
    {
        var response = await SendAsync(query, lastEventId);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new EventStreamReader(response, await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
    }

    private sealed class EventStreamReader(HttpResponseMessage response, Stream stream) : IDisposable
    {
        private readonly StreamReader _lines = new(stream);

        public string? ContentType => response.Content.Headers.ContentType?.MediaType;

        public async Task<(string Id, string Event, JsonNode Data)> NextAsync()
        {
            using var deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
            deadline.CancelAfter(TimeSpan.FromSeconds(30));
            var fields = new Dictionary<string, string>();
            while (true)
            {
                var line = await _lines.ReadLineAsync(deadline.Token) ?? throw new EndOfStreamException();
                if (line.Length == 0 && fields.TryGetValue("data", out var data))
                {
                    return (fields["id"], fields["event"], JsonNode.Parse(data)!);
                }

                if (line.IndexOf(": ", StringComparison.Ordinal) is > 0 and var colon)
                {
                    fields[line[..colon]] = fields.GetValueOrDefault(line[..colon]) + line[(colon + 2)..];
                }
            }
        }

        public void Dispose()
        {
            _lines.Dispose();
            response.Dispose();
        }
    }
}

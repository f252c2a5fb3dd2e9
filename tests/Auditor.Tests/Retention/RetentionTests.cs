using System.IO.Compression;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Marten;
using Npgsql;
using Workspaces.Auditor.Feed;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Retention;
using Workspaces.Auditor.Verifying;
using Workspaces.Contracts;
using Xunit;

namespace Workspaces.Auditor.Tests.Retention;

/// <summary>What leaves the log goes to the archive first; what is redacted stays in the chain; exports are complete.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly DirectoryInfo _archive = Directory.CreateTempSubdirectory("workspaces-archive-");
    private AuditorHost _auditor = null!;
    private NpgsqlDataSource _database = null!;
    private Turn? _turn;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _database = NpgsqlDataSource.Create(_postgres.ConnectionString);
        _turn = await Turn.TryTakeAsync(_database, LockKeys.Retention, TestContext.Current.CancellationToken); // the job does nothing: the tests run it
        await StartAsync(keep: "00:00:00.001");
        await AppendAsync(Messages.Requested("abc"), Messages.Session(Guid.NewGuid()), Messages.Ready("abc"), Messages.Ready("abc"), Messages.Ready("abc"));
    }

    public async ValueTask DisposeAsync()
    {
        await _auditor.DisposeAsync();
        await _turn!.DisposeAsync();
        await _database.DisposeAsync();
        await _postgres.DisposeAsync();
        _archive.Delete(recursive: true);
    }

    [Fact]
    public async Task Run_TimeIsOver_MovesTheHeadOfTheLogToVerifiedFiles()
    {
        var before = await ReadAsync();
        await FedAsync(5);

        await RunAsync();

        Assert.Equal(["events-0000000000000000001-0000000000000000002.ndjson.gz", "events-0000000000000000003-0000000000000000004.ndjson.gz", "events-0000000000000000005-0000000000000000005.ndjson.gz"], Files().Select(Path.GetFileName));
        Assert.Empty(await ReadAsync());
        Assert.Equal(before.Select(entry => entry.Hash), (await ArchivedAsync()).Select(entry => entry.Hash));
        Assert.Equal(before.Select(entry => entry.Message), (await ArchivedAsync()).Select(entry => entry.Message));
        Assert.Equal(6, (await HeadAsync()).First);

        await AppendAsync(Messages.Ready("abc"));
        Assert.Equal(6, Assert.Single(await ReadAsync()).Sequence);
        Assert.Equal(new Verification(6, 6), await VerifyAsync()); // it follows what was archived
        using var tooOld = await _auditor.GetAsync("/v1/events?after=4");
        Assert.Equal(HttpStatusCode.Gone, tooOld.StatusCode);
    }

    [Fact]
    public async Task Run_FeedIsBehind_KeepsWhatItHasNotHad()
    {
        await FedAsync(3);

        await RunAsync();

        Assert.Equal([4, 5], (await ReadAsync()).Select(entry => entry.Sequence));
    }

    [Fact]
    public async Task Run_TimeIsNotOver_KeepsEverything()
    {
        await StartAsync(keep: "90.00:00:00");
        await FedAsync(5);

        await RunAsync();

        Assert.Equal(5, (await ReadAsync()).Count);
        Assert.Empty(Files());
    }

    [Fact]
    public async Task Run_SomebodyChangedAnEntry_RemovesNothing()
    {
        await FedAsync(5);
        await ExecuteAsync("UPDATE log.mt_doc_logentry SET data = jsonb_set(data, '{owner}', '\"mallory\"'), owner = 'mallory' WHERE id = 2");

        var e = await Assert.ThrowsAsync<InvalidDataException>(RunAsync);

        Assert.Contains("Entry 2 does not fit", e.Message, StringComparison.Ordinal);
        Assert.Equal(5, (await ReadAsync()).Count);
    }

    [Fact]
    public async Task Verify_FileChanged_NamesTheFirstEntryThatDoesNotFit()
    {
        await FedAsync(2);
        await RunAsync();
        var file = Assert.Single(Files());
        var lines = (await ArchivedAsync()).Select(entry => JsonSerializer.Serialize(entry.Sequence == 2 ? entry with { User = "mallory" } : entry, ContractsJson.Options));
        var forged = Path.Combine(_archive.FullName, "forged.ndjson");
        await File.WriteAllLinesAsync(forged, lines, TestContext.Current.CancellationToken);
        await using (var cut = new FileStream(file, FileMode.Open))
        {
            cut.SetLength(cut.Length - 20);
        }

        Assert.Contains("Entry 2 does not fit", (await ArchiveFile.VerifyAsync(forged, previous: null, TestContext.Current.CancellationToken)).Problem, StringComparison.Ordinal);
        Assert.NotNull((await ArchiveFile.VerifyAsync(file, previous: null, TestContext.Current.CancellationToken)).Problem);
    }

    [Fact]
    public async Task Run_RuleOfRedaction_RemovesTheMessageAndTheChainHolds()
    {
        await StartAsync(keep: null, ("Retention:Redact:SessionOpened", "00:00:00.001"));
        await FedAsync(5);

        await RunAsync();

        var entries = await ReadAsync();
        Assert.Equal([2], entries.Where(entry => entry.RedactedAt is not null).Select(entry => entry.Sequence));
        Assert.Equal("", entries[1].Message);
        Assert.Equal("bob", entries[1].User);
        Assert.True((await VerifyAsync()).IsWhole);

        using var response = await _auditor.GetAsync("/v1/events?after=1&limit=1");
        var shown = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["events"]![0]!;
        Assert.Equal((null, true), (shown["data"], shown["redactedAt"] is not null));
        Assert.Contains(CloudEvent.From(entries[1])!.Attributes, attribute => attribute is { Key: "redacted", Value: "true" });
    }

    [Fact]
    public async Task Verify_MessagePutBackIntoARedactedEntry_IsFound()
    {
        await StartAsync(keep: null, ("Retention:Redact:SessionOpened", "00:00:00.001"));
        await FedAsync(5);
        await RunAsync();

        await ExecuteAsync("UPDATE log.mt_doc_logentry SET data = jsonb_set(data, '{message}', '\"{}\"') WHERE id = 2");

        Assert.Equal(2, (await VerifyAsync()).Sequence);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Export_Log_IsWholeAndVerifies(bool compressed)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/log/export?after=1");
        request.Headers.Authorization = new("Bearer", "events:read");
        request.Headers.AcceptEncoding.ParseAdd(compressed ? "gzip" : "identity");
        using var response = await _auditor.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var file = Path.Combine(_archive.FullName, compressed ? "export.ndjson.gz" : "export.ndjson");
        await File.WriteAllBytesAsync(file, await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);

        Assert.Equal("application/x-ndjson", response.Content.Headers.ContentType?.MediaType);
        var entries = await ReadAsync();
        Assert.Equal(new ArchiveVerification(2, 5, entries[^1].Hash, Problem: null), await ArchiveFile.VerifyAsync(file, entries[0].Hash, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("/v1/log/export?limit=5", HttpStatusCode.BadRequest)]
    [InlineData("/v1/log/export?typ=x", HttpStatusCode.BadRequest)]
    [InlineData("/v1/log/export?after=2", HttpStatusCode.Gone)]
    public async Task Export_BadOrTooOld_IsRefused(string path, HttpStatusCode status)
    {
        await ArchivedLog.UptoAsync(_auditor, 3);

        using var response = await _auditor.GetAsync(path);

        Assert.Equal(status, response.StatusCode);
    }

    private async Task StartAsync(string? keep, params (string Name, string Value)[] settings)
    {
        if (_auditor is not null)
        {
            await _auditor.DisposeAsync();
        }

        (string, string)[] own = [("Retention:EntriesPerFile", "2"), ("Retention:Interval", "10.00:00:00"), ("Retention:ArchiveFolder", _archive.FullName)];
        _auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, settings: [.. own, .. keep is null ? [] : new[] { ("Retention:Keep", keep) }, .. settings]);
    }

    private Task RunAsync() => _auditor.Get<Archiver>().RunAsync(TestContext.Current.CancellationToken);

    private async Task AppendAsync(params IWorkspaceEvent[] events) =>
        await _auditor.Get<LogWriter>().AppendAsync([.. events.Select(Messages.Received)], TestContext.Current.CancellationToken);

    private Task<IReadOnlyList<LogEntry>> ReadAsync() => _auditor.Get<LogReader>().ReadAsync(new LogFilter(), after: 0, limit: 100, TestContext.Current.CancellationToken);

    private Task<LogHead> HeadAsync() => _auditor.Get<LogReader>().HeadAsync(TestContext.Current.CancellationToken);

    private Task<Verification> VerifyAsync() => _auditor.Get<LogVerifier>().VerifyAsync(from: null, to: null, TestContext.Current.CancellationToken);

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _auditor.Get<NpgsqlDataSource>().CreateCommand(sql);
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    private async Task FedAsync(long sequence)
    {
        await using var session = _auditor.Get<IDocumentStore>().LightweightSession();
        session.Store(new FeedCheckpoint { Id = FeedCheckpoint.Broker, Sequence = sequence });
        await session.SaveChangesAsync(TestContext.Current.CancellationToken);
    }

    private IEnumerable<string> Files() => _archive.GetFiles("*.gz").Select(file => file.FullName).Order(StringComparer.Ordinal);

    private async Task<IReadOnlyList<LogEntry>> ArchivedAsync()
    {
        var entries = new List<LogEntry>();
        foreach (var path in Files())
        {
            await using var gzip = new GZipStream(File.OpenRead(path), CompressionMode.Decompress);
            await foreach (var entry in LogLines.ReadAsync(gzip, TestContext.Current.CancellationToken))
            {
                entries.Add(entry);
            }
        }

        return entries;
    }
}

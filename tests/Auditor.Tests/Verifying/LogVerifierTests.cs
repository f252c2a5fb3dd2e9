using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Tests.Log;
using Workspaces.Auditor.Verifying;
using Xunit;

namespace Workspaces.Auditor.Tests.Verifying;

/// <summary>Somebody changes the log in PostgreSQL, behind the Auditor's back.</summary>
public sealed class LogVerifierTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private LogDatabase _log = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _log = new LogDatabase(_postgres.ConnectionString);
        foreach (var i in Enumerable.Range(0, 4))
        {
            await _log.Writer.AppendAsync(
                [.. Enumerable.Range(0, 5).Select(j => Messages.Received(i + j == 0 ? Messages.Requested("abc") : Messages.Ready("abc")))],
                TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await _postgres.DisposeAsync();
    }

    [Theory]
    [InlineData(null, null, 1, 20)]
    [InlineData(5L, 9L, 5, 9)]
    [InlineData(19L, 500L, 19, 20)]
    public async Task VerifyAsync_Untouched_IsWhole(long? from, long? to, long first, long last) =>
        Assert.Equal(new Verification(first, last), await VerifyAsync(from, to));

    [Theory]
    [InlineData("UPDATE log.mt_doc_logentry SET data = jsonb_set(data, '{message}', '\"{}\"') WHERE id = 7", 7)]
    [InlineData("UPDATE log.mt_doc_logentry SET data = jsonb_set(data, '{owner}', '\"mallory\"'), owner = 'mallory' WHERE id = 7", 7)]
    [InlineData("UPDATE log.mt_doc_logentry SET data = jsonb_set(data, '{occurredAt}', '\"2020-01-01T00:00:00+00:00\"') WHERE id = 7", 7)]
    [InlineData("UPDATE log.mt_doc_logentry SET owner = 'mallory' WHERE id = 7", 7)]
    [InlineData("DELETE FROM log.mt_doc_logentry WHERE id = 7", 7)]
    [InlineData("DELETE FROM log.mt_doc_logentry WHERE id = 1", 1)]
    [InlineData("DELETE FROM log.mt_doc_logentry WHERE id >= 19", 19)]
    [InlineData("DELETE FROM log.mt_doc_logentry", 1)]
    [InlineData("UPDATE log.mt_doc_loghead SET data = jsonb_set(data, '{last}', '18'); DELETE FROM log.mt_doc_logentry WHERE id > 18", 18)]
    public async Task VerifyAsync_SomethingChanged_NamesTheFirstEntryThatDoesNotFit(string tampering, long sequence)
    {
        Assert.NotEqual(0, await _log.ExecuteAsync(tampering));

        var verification = await VerifyAsync();

        Assert.Equal(sequence, verification.Sequence);
        Assert.False(verification.IsWhole);
        Assert.NotNull(verification.Problem);
    }

    [Fact]
    public async Task VerifyAsync_TwoEntriesSwapped_NamesTheFirst()
    {
        await _log.ExecuteAsync(
            """
            UPDATE log.mt_doc_logentry SET id = 100 WHERE id = 7;
            UPDATE log.mt_doc_logentry SET id = 7 WHERE id = 8;
            UPDATE log.mt_doc_logentry SET id = 8 WHERE id = 100;
            """);

        Assert.Equal(7, (await VerifyAsync()).Sequence);
    }

    [Fact]
    public async Task VerifyAsync_OneEntryRehashed_NamesTheNext()
    {
        var entry = (await _log.AllAsync())[6];
        var forged = entry with { Owner = "mallory" };
        await _log.ExecuteAsync(
            $"""
            UPDATE log.mt_doc_logentry SET owner = 'mallory',
                data = data || '{$"{{\"owner\":\"mallory\",\"hash\":\"{LogHash.Of(forged)}\"}}"}'::jsonb WHERE id = 7
            """);

        Assert.Equal(8, (await VerifyAsync()).Sequence);
    }

    [Fact]
    public async Task Get_Verify_SaysWhatItFound()
    {
        await using var auditor = await AuditorHost.StartAsync(_postgres.ConnectionString);
        using var whole = await auditor.GetAsync("/v1/log/verify?from=2&to=6");
        await _log.ExecuteAsync("DELETE FROM log.mt_doc_logentry WHERE id = 4");
        using var broken = await auditor.GetAsync("/v1/log/verify");
        using var bad = await auditor.GetAsync("/v1/log/verify?from=0");

        Assert.True((bool)(await JsonOf(whole))["isWhole"]!);
        Assert.Equal(4, (int)(await JsonOf(broken))["sequence"]!);
        Assert.Equal("invalid-parameter", (string?)(await JsonOf(bad))["code"]);
    }

    private static async Task<JsonNode> JsonOf(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;

    private Task<Verification> VerifyAsync(long? from = null, long? to = null) =>
        new LogVerifier(_log.Reader, _log.Get<Npgsql.NpgsqlDataSource>()).VerifyAsync(from, to, TestContext.Current.CancellationToken);
}

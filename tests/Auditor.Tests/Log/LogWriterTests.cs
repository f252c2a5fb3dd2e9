using Npgsql;
using Workspaces.Auditor.Log;
using Xunit;

namespace Workspaces.Auditor.Tests.Log;

/// <summary>The log in a real PostgreSQL: once, in order, without gaps, chained.</summary>
public sealed class LogWriterTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private LogDatabase _log = null!;

    public async ValueTask InitializeAsync()
    {
        await _postgres.InitializeAsync();
        _log = new LogDatabase(_postgres.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task AppendAsync_Batches_KeepTheOrderWithoutGaps()
    {
        var messages = Enumerable.Range(0, 250).Select(i => Messages.Received(Messages.Ready($"w{(char)('a' + (i % 26))}"))).ToList();

        foreach (var batch in messages.Chunk(60))
        {
            await AppendAsync(batch);
        }

        var entries = await _log.AllAsync();
        Assert.Equal(Enumerable.Range(1, 250).Select(i => (long)i), entries.Select(entry => entry.Sequence));
        Assert.Equal(messages.Select(message => message.EventId), entries.Select(entry => entry.EventId));
        LogAssert.IsWhole(entries);
        var head = await _log.Reader.HeadAsync(TestContext.Current.CancellationToken);
        Assert.Equal((250, 1, entries[^1].Hash), (head.Last, head.First, head.Hash));
    }

    [Fact]
    public async Task AppendAsync_Duplicates_AreLeftOut()
    {
        var (a, b, c) = (Messages.Received(Messages.Ready("a")), Messages.Received(Messages.Ready("b")), Messages.Received(Messages.Ready("c")));

        await AppendAsync(a, b, a);
        await AppendAsync(b, a);
        await AppendAsync(b, c, c);

        var entries = await _log.AllAsync();
        Assert.Equal([a.EventId, b.EventId, c.EventId], entries.Select(entry => entry.EventId));
        LogAssert.IsWhole(entries);
    }

    [Fact]
    public async Task AppendAsync_Entry_ComesBackAsItWas()
    {
        var message = Messages.Received(Messages.Session(Guid.NewGuid()));

        await AppendAsync(message);

        var entry = Assert.Single(await _log.AllAsync());
        Assert.Equal(message.Message, entry.Message);
        Assert.Equal(message.OccurredAt, entry.OccurredAt);
        Assert.Equal((message.Type, message.WorkspaceId, message.User, message.SessionId, message.TraceParent), (entry.Type, entry.WorkspaceId, entry.User, entry.SessionId, entry.TraceParent));
        Assert.Equal(entry.Hash, LogHash.Of(entry)); // what is hashed survives the database
    }

    [Theory]
    [InlineData("text with \\u0000 and \"quotes\" and \u20ac and \ud83d\ude00")]
    [InlineData("")]
    public async Task AppendAsync_UnknownMessage_ComesBackAsItWas(string body)
    {
        var message = Auditor.Reading.EnvelopeReader.Read(System.Text.Encoding.UTF8.GetBytes(body), "somewhere");

        await AppendAsync(message);

        var entry = Assert.Single(await _log.AllAsync());
        Assert.Equal((LogEntry.UnknownType, body, message.Problem), (entry.Type, entry.Message, entry.Problem));
        Assert.Equal(entry.StoredAt, entry.OccurredAt);
        Assert.Equal(entry.Hash, LogHash.Of(entry));
    }

    [Fact]
    public async Task AppendAsync_LaterEventsOfAWorkspace_HaveItsOwner()
    {
        await AppendAsync(Messages.Received(Messages.Requested("abc", owner: "alice")), Messages.Received(Messages.Ready("abc")));
        await AppendAsync(Messages.Received(Messages.Ready("abc")), Messages.Received(Messages.Ready("xyz")));

        var entries = await _log.AllAsync();

        Assert.Equal(["alice", "alice", "alice", null], entries.Select(entry => entry.Owner));
    }

    [Fact]
    public async Task AppendAsync_EventsOfAnInstance_HaveItsWorkload()
    {
        var instance = Guid.NewGuid();
        await AppendAsync(Messages.Received(Messages.Up(instance)));
        await AppendAsync(Messages.Received(Messages.Down(instance)), Messages.Received(Messages.Down(Guid.NewGuid())));

        var entries = await _log.AllAsync();

        Assert.Equal(["shop/Deployment/payments", "shop/Deployment/payments", null], entries.Select(entry => entry.Target));
    }

    [Fact]
    public async Task AppendAsync_FailsHalfway_LeavesNoGapAndNoTrace()
    {
        await AppendAsync(Messages.Received(Messages.Ready("a")));
        await _log.ExecuteAsync("ALTER TABLE log.mt_doc_logentry ADD CONSTRAINT broken CHECK (workspace_id <> 'bad')");

        await Assert.ThrowsAnyAsync<Exception>(() => AppendAsync(Messages.Received(Messages.Ready("b")), Messages.Received(Messages.Ready("bad"))));
        Assert.Single(await _log.AllAsync());
        await _log.ExecuteAsync("ALTER TABLE log.mt_doc_logentry DROP CONSTRAINT broken");
        await AppendAsync(Messages.Received(Messages.Ready("c")));

        var entries = await _log.AllAsync();
        Assert.Equal([1, 2], entries.Select(entry => entry.Sequence));
        Assert.Equal(["a", "c"], entries.Select(entry => entry.WorkspaceId));
        LogAssert.IsWhole(entries);
    }

    [Fact]
    public async Task AppendAsync_TwoAuditorsAtOnce_MakeOneChain()
    {
        await AppendAsync(Messages.Received(Messages.Ready())); // the schema is there
        using var other = new LogDatabase(_postgres.ConnectionString);
        var shared = Enumerable.Range(0, 100).Select(_ => Messages.Received(Messages.Ready())).ToList();

        // Both get the same messages, as after a reconnect that the first one has not noticed.
        await Task.WhenAll(
            new[] { _log.Writer, other.Writer }.Select(async writer =>
            {
                foreach (var batch in shared.Chunk(7))
                {
                    await writer.AppendAsync(batch, TestContext.Current.CancellationToken);
                }
            }));

        var entries = await _log.AllAsync();
        Assert.Equal(101, entries.Count);
        LogAssert.IsWhole(entries);
    }

    [Fact]
    public async Task AppendAsync_TableIsLocked_WaitsInsteadOfSkipping()
    {
        await AppendAsync(Messages.Received(Messages.Ready("a")));
        await using var connection = new NpgsqlConnection(_postgres.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(TestContext.Current.CancellationToken);
        await using (var command = new NpgsqlCommand("LOCK TABLE log.mt_doc_loghead IN ACCESS EXCLUSIVE MODE", connection, transaction))
        {
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var append = AppendAsync(Messages.Received(Messages.Ready("b")));
        Assert.False(append.IsCompleted);
        await transaction.RollbackAsync(TestContext.Current.CancellationToken);
        await append;

        Assert.Equal(["a", "b"], (await _log.AllAsync()).Select(entry => entry.WorkspaceId));
    }

    private Task<LogHead> AppendAsync(params ReceivedMessage[] messages) => _log.Writer.AppendAsync(messages, TestContext.Current.CancellationToken);
}

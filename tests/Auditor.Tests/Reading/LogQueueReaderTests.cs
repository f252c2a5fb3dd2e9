using System.Text;
using RabbitMQ.Client;
using Workspaces.Auditor.Log;
using Workspaces.Auditor.Tests.Log;
using Workspaces.Contracts;
using Workspaces.ServiceDefaults.Bus;
using Xunit;

namespace Workspaces.Auditor.Tests.Reading;

/// <summary>From a real broker into a real log.</summary>
public sealed class LogQueueReaderTests : IAsyncLifetime
{
    private readonly PostgresFixture _postgres = new();
    private readonly RabbitMqFixture _broker = new();
    private LogDatabase _log = null!;

    public async ValueTask InitializeAsync()
    {
        await Task.WhenAll(_postgres.InitializeAsync().AsTask(), _broker.InitializeAsync().AsTask());
        _log = new LogDatabase(_postgres.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        _log.Dispose();
        await _postgres.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Read_EventsOfManyTypes_AreLoggedInTheOrderOfArrival()
    {
        await using var auditor = await StartAsync();
        var events = Enumerable.Range(0, 300)
            .Select(i => (IWorkspaceEvent)((i % 3) switch { 0 => Messages.Requested(), 1 => Messages.Ready(), _ => Messages.Session(Guid.NewGuid()) }))
            .ToList();

        await new EventPublisher(_broker.ConnectionString).PublishAsync(events, TestContext.Current.CancellationToken);

        var entries = await UntilLoggedAsync(events.Count);
        Assert.Equal(events.Select(e => e.EventId), entries.Select(entry => entry.EventId));
        LogAssert.IsWhole(entries);
    }

    [Fact]
    public async Task Read_Command_IsLoggedThoughItIsRoutedByModel()
    {
        await using var auditor = await StartAsync();
        await using var channel = await OpenAsync();
        var request = Messages.Requested();

        await channel.BasicPublishAsync(Messages.ExchangeOf(request), "standalone", Messages.EnvelopeOf(request));

        Assert.Equal("WorkspaceRequested", Assert.Single(await UntilLoggedAsync(1)).Type);
    }

    [Fact]
    public async Task Read_PoisonMessages_AreKeptAndBlockNothing()
    {
        await using var auditor = await StartAsync();
        await using var channel = await OpenAsync();
        byte[] binary = [0xFF, 0x00, 0x01];

        await channel.BasicPublishAsync("", Topology.AuditorQueue, binary);
        await channel.BasicPublishAsync("", Topology.AuditorQueue, Encoding.UTF8.GetBytes("not an envelope"));
        var forged = Messages.Requested();
        await channel.BasicPublishAsync("Workspaces.Contracts:SessionOpened", "abc", Messages.EnvelopeOf(forged));
        var good = Messages.Ready();
        await channel.BasicPublishAsync(Messages.ExchangeOf(good), "abc", Messages.EnvelopeOf(good));

        var entries = await UntilLoggedAsync(4);
        Assert.Equal([LogEntry.UnknownType, LogEntry.UnknownType, LogEntry.UnknownType, "WorkspaceReady"], entries.Select(entry => entry.Type));
        Assert.Equal(binary, Convert.FromBase64String(entries[0].Message));
        Assert.Equal("not an envelope", entries[1].Message);
        Assert.Contains(forged.EventId.ToString(), entries[2].Message, StringComparison.Ordinal);
        Assert.Equal(0u, await channel.MessageCountAsync(Topology.AuditorQueue));
    }

    [Fact]
    public async Task Read_PublishedWhileTheAuditorWasAway_IsLoggedWhenItIsBack()
    {
        await (await StartAsync()).DisposeAsync(); // has declared its queue
        var events = Enumerable.Range(0, 20).Select(IWorkspaceEvent (_) => Messages.Ready()).ToList();
        await new EventPublisher(_broker.ConnectionString).PublishAsync(events, TestContext.Current.CancellationToken);

        await using var auditor = await StartAsync();

        Assert.Equal(events.Select(e => e.EventId), (await UntilLoggedAsync(20)).Select(entry => entry.EventId));
    }

    private async Task<AuditorHost> StartAsync()
    {
        var auditor = await AuditorHost.StartAsync(_postgres.ConnectionString, _broker.ConnectionString);
        await auditor.UntilReadyAsync();
        return auditor;
    }

    private async Task<IChannel> OpenAsync()
    {
        var connection = await new ConnectionFactory { Uri = _broker.ConnectionString }.CreateConnectionAsync();
        return await connection.CreateChannelAsync();
    }

    private async Task<IReadOnlyList<LogEntry>> UntilLoggedAsync(int count)
    {
        await Eventually.TrueAsync(
            async () => (await _log.Reader.HeadAsync(TestContext.Current.CancellationToken)).Last >= count, $"{count} entries are in the log");
        return await _log.AllAsync();
    }
}

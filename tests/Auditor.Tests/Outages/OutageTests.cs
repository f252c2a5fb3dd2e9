using System.Globalization;
using Workspaces.Auditor.Tests.Log;
using Workspaces.Contracts;
using Xunit;
using Server = Workspaces.Auditor.Tests.Outages.KillableServers.Server;

namespace Workspaces.Auditor.Tests.Outages;

/// <summary>
/// Everything is killed while events stream in, and comes back: each event is in the log once, in the order of publishing, and the
/// chain holds. The environment variable WORKSPACES_OUTAGE_EVENTS makes it longer.
/// </summary>
public sealed class OutageTests
{
    private const int DefaultEvents = 6000;

    /// <summary>For servers that were killed to come back and for the Auditor to catch up, on a machine that is busy with other things.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Who is killed together, in turn, evenly over the events.</summary>
    private static readonly Server[][] Outages =
    [
        [Server.Auditor],
        [Server.Postgres],
        [Server.RabbitMq],
        [Server.Auditor, Server.Postgres],
        [Server.Postgres, Server.RabbitMq, Server.Auditor],
    ];

    [Fact]
    public async Task EverythingIsKilledWhileEventsStreamIn_TheLogHasEachOnceAndInOrder()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var count = int.Parse(Environment.GetEnvironmentVariable("WORKSPACES_OUTAGE_EVENTS") ?? $"{DefaultEvents}", CultureInfo.InvariantCulture);
        var events = Enumerable.Range(0, count).Select(IWorkspaceEvent (i) => i % 5 == 0 ? Messages.Requested() : Messages.Ready()).ToList();
        await using var servers = new KillableServers();
        await servers.StartAsync(cancellation);
        using var log = new LogDatabase(servers.Postgres);
        await Eventually.TrueAsync(() => HasAsync(log, 0), "the log is there", Patience);
        var publisher = new EventPublisher(servers.RabbitMq);

        var publishing = publisher.PublishAsync(events, cancellation);
        for (var i = 0; i < Outages.Length; i++)
        {
            var due = count * (i + 1) / (Outages.Length + 1);
            await publisher.UntilAsync(due, publishing, Patience);
            Array.ForEach(Outages[i], servers.Kill);
            foreach (var server in Outages[i])
            {
                await servers.StartAsync(server, cancellation);
            }
        }

        await publishing;
        await Eventually.TrueAsync(() => HasAsync(log, count), "all events are in the log", Patience);
        var entries = await log.AllAsync();
        Assert.Equal(events.Select(e => e.EventId), entries.Select(entry => entry.EventId));
        LogAssert.IsWhole(entries);
    }

    private static async Task<bool> HasAsync(LogDatabase log, int count)
    {
        try
        {
            return (await log.Reader.HeadAsync(TestContext.Current.CancellationToken)).Last >= count;
        }
        catch (Exception e) when (e is Npgsql.NpgsqlException or Marten.Exceptions.MartenCommandException)
        {
            return false; // PostgreSQL is still recovering
        }
    }
}

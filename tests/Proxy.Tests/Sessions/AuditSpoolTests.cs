using Workspaces.Contracts;
using Workspaces.Proxy.Sessions.Spool;
using Xunit;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Proxy.Tests.Sessions;

public sealed class AuditSpoolTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("workspaces-spool-").FullName;
    private readonly ManualTime _time = new();

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    [Fact]
    public void ReadUnconfirmed_WhatWasAppended_ComesInOrderUntilConfirmed()
    {
        using var spool = Open();
        var events = Enumerable.Range(1, 100).Select(Opened).ToList<IWorkspaceEvent>();
        events.ForEach(spool.Append);

        Assert.Equal(events, Drain(spool, confirm: false));
        Assert.Equal(events, Drain(spool, confirm: true));
        Assert.Empty(Drain(spool, confirm: false));
    }

    [Fact]
    public void Open_AfterAKill_HasEveryUnconfirmedEventAndClosesWhatWasOpen()
    {
        var first = Opened(1);
        var second = Opened(2);
        var closed = Closed(1);
        using (var killed = Open())
        {
            killed.Append(first);
            killed.Append(second);
            killed.Append(closed);
            _time.Advance(TimeSpan.FromMinutes(3));
            killed.Note([new SessionTraffic(second.SessionId, 100, 2000)]);
            _time.Advance(TimeSpan.FromMinutes(60));
        }

        using var spool = Open();

        Assert.Equal(1, spool.LostSessions);
        var events = Drain(spool, confirm: true);
        Assert.Equal([first, second, closed], events.Take(3));
        var lost = Assert.IsType<SessionClosed>(Assert.Single(events.Skip(3)));
        Assert.Equal(SessionCloseReason.ProxyLost, lost.Reason);
        Assert.Equal(second.SessionId, lost.SessionId);
        Assert.Equal((100, 2000), (lost.BytesFromClient, lost.BytesFromInstance));
        Assert.Equal(TimeSpan.FromMinutes(3), lost.Duration);
    }

    [Fact]
    public void Open_SeveralSessionsLost_AllEndAtTheLastSignOfLife()
    {
        using (var killed = Open())
        {
            killed.Append(Opened(1));
            killed.Append(Opened(2));
            killed.Append(Opened(3));
        }

        _time.Advance(TimeSpan.FromHours(5));
        using var spool = Open();

        Assert.All(Drain(spool, confirm: true).OfType<SessionClosed>(), closed => Assert.Equal(TimeSpan.Zero, closed.Duration));
    }

    [Fact]
    public void Open_KilledAgainBeforeTheBrokerCameBack_ClosesEachSessionOnce()
    {
        using (var killed = Open())
        {
            killed.Append(Opened(1));
        }

        Open().Dispose();
        using var spool = Open();

        Assert.Equal(0, spool.LostSessions);
        Assert.Single(Drain(spool, confirm: true).OfType<SessionClosed>());
    }

    [Fact]
    public void Open_AfterConfirmedSegmentsWereDeleted_StillKnowsWhatIsOpen()
    {
        var open = Opened(1);
        using (var killed = Open(segmentSize: 2_000))
        {
            killed.Append(open);
            for (var i = 2; i < 100; i++)
            {
                killed.Append(Opened(i));
                killed.Append(Closed(i));
                Drain(killed, confirm: true);
            }
        }

        Assert.InRange(System.IO.Directory.GetFiles(_folder, "spool-*").Length, 1, 2);
        using var spool = Open();

        var lost = Assert.IsType<SessionClosed>(Assert.Single(Drain(spool, confirm: true)));
        Assert.Equal(open.SessionId, lost.SessionId);
    }

    [Fact]
    public void Open_WithALineThatWasTornByTheKill_LosesOnlyThatLine()
    {
        using (var killed = Open())
        {
            killed.Append(Opened(1));
            killed.Append(Closed(1));
        }

        var file = System.IO.Directory.GetFiles(_folder, "spool-*").Order().Last();
        using (var stream = File.OpenWrite(file))
        {
            stream.SetLength(stream.Length - 10);
        }

        using var spool = Open();

        var events = Drain(spool, confirm: true);
        Assert.Equal(Opened(1), events[0]);
        Assert.Equal(SessionCloseReason.ProxyLost, Assert.IsType<SessionClosed>(events[1]).Reason);
        Assert.Equal(2, events.Count);
    }

    [Fact]
    public void Open_FolderOfAnotherRunningProxy_SaysSo()
    {
        using var first = Open();

        var refused = Assert.Throws<SpoolException>(() => Open());

        Assert.Contains("Proxy:SpoolFolder", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_WithADamagedLine_NamesFileAndPlace()
    {
        Open().Dispose();
        var file = System.IO.Directory.GetFiles(_folder, "spool-*").Single();
        File.AppendAllText(file, "not json\n");

        var refused = Assert.Throws<SpoolException>(() => Open());

        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Append_FirstLineLongerThanAChunk_IsReadWhole()
    {
        using (var killed = Open(segmentSize: 100_000))
        {
            for (var i = 0; i < 4_000; i++)
            {
                killed.Append(Opened(i));
            }
        }

        using var spool = Open();

        Assert.Equal(4_000, spool.LostSessions);
        Assert.Equal(8_000, Drain(spool, confirm: true).Count);
    }

    private static List<IWorkspaceEvent> Drain(AuditSpool spool, bool confirm)
    {
        var events = new List<IWorkspaceEvent>();
        while (spool.ReadUnconfirmed() is { Events.Count: > 0 } batch)
        {
            events.AddRange(batch.Events);
            if (!confirm)
            {
                break;
            }

            spool.Confirm(batch);
        }

        return events;
    }

    private AuditSpool Open(long segmentSize = 4 << 20) => new(_folder, _time, segmentSize);

    private static SessionOpened Opened(int number) => new()
    {
        EventId = EventId.For<SessionOpened>(Session(number).ToString()),
        OccurredAt = ManualTime.Start,
        WorkspaceId = "w1",
        Generation = 1,
        SessionId = Session(number),
        InstanceId = Facts.InstanceId('a'),
        User = "alice",
        KeyFingerprint = "SHA256:abc",
        ClientAddress = "192.0.2.1:50000",
        ClientVersion = "SSH-2.0-OpenSSH_9.2",
    };

    private static SessionClosed Closed(int number) => new()
    {
        EventId = EventId.For<SessionClosed>(Session(number).ToString()),
        OccurredAt = ManualTime.Start,
        WorkspaceId = "w1",
        Generation = 1,
        SessionId = Session(number),
        InstanceId = Facts.InstanceId('a'),
        User = "alice",
        Duration = TimeSpan.FromSeconds(1),
        BytesFromClient = 1,
        BytesFromInstance = 2,
        Reason = SessionCloseReason.ClientClosed,
    };

    private static Guid Session(int number) => new(number, 0, 0, new byte[8]);
}

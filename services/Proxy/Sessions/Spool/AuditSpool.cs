using Workspaces.Contracts;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>
/// The audit trail on its way to the broker: events are appended to files here and count as recorded; <c>SpoolPublisher</c>
/// takes them from the files to the broker and deletes what is confirmed. So a slow or dead broker slows no session, and a killed
/// Proxy loses no event.
/// <para>
/// Opening it finds the sessions that the process before left open and records their end (<see cref="SessionCloseReason.ProxyLost"/>).
/// </para>
/// </summary>
public sealed class AuditSpool : IDisposable
{
    private const long SegmentSize = 4 << 20;

    private readonly Lock _lock = new();
    private readonly SpoolFolder _folder;
    private readonly SpoolWriter _writer;
    private readonly OpenSessions _open = new();
    private readonly TimeProvider _time;
    private readonly ChangeSignal _appended = new();
    private SpoolPosition _confirmed;

    /// <summary>Opens the spool in <paramref name="folder"/>.</summary>
    /// <exception cref="SpoolException">The folder cannot be used, or a file in it is damaged.</exception>
    public AuditSpool(string folder, TimeProvider time)
        : this(folder, time, SegmentSize)
    {
    }

    internal AuditSpool(string folder, TimeProvider time, long segmentSize)
    {
        _time = time;
        _folder = new SpoolFolder(folder);
        try
        {
            // 1. What was open when the process before ended.
            var segments = _folder.Segments();
            foreach (var segment in segments)
            {
                Recover(segment);
            }

            // 2. A new segment, so that a torn last line stays at the end of its file.
            _confirmed = _folder.ReadConfirmed();
            _writer = new SpoolWriter(_folder, segments is [.., var newest] ? newest + 1 : 1, segmentSize);
            if (_confirmed.Segment == 0)
            {
                _confirmed = new SpoolPosition(_writer.Segment, 0);
            }

            // 3. Their ends. A crash between the two steps finds them open again.
            _writer.Append(new SpoolLine { At = _open.LastSignOfLife, Open = _open.All });
            var lost = _open.All.Select(_open.Lost).ToList();
            LostSessions = lost.Count;
            foreach (var closed in lost)
            {
                Append(closed);
            }
        }
        catch
        {
            _writer?.Dispose();
            _folder.Dispose();
            throw;
        }
    }

    /// <summary>Sessions that the process before left open.</summary>
    public int LostSessions { get; }

    /// <summary>Completes when something was appended.</summary>
    public Task NextAppend => _appended.Next;

    /// <summary>Records an event. It survives the end of this process when this returns.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Append(IWorkspaceEvent fact)
    {
        Append(SpooledEvents.ToLine(fact, _time.GetUtcNow()), fact);
        _appended.Raise();
    }

    /// <summary>Notes how much open sessions have moved so far, for the case that this process does not get to record their end.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Note(IReadOnlyList<SessionTraffic> traffic) => Append(new SpoolLine { At = _time.GetUtcNow(), Traffic = traffic }, fact: null);

    /// <summary>Has what was recorded written to the disk itself.</summary>
    public void FlushToDisk()
    {
        lock (_lock)
        {
            _writer.FlushToDisk();
        }
    }

    /// <summary>The next events that the broker has not confirmed; empty where there are none.</summary>
    internal SpoolBatch ReadUnconfirmed()
    {
        while (true)
        {
            long newest;
            lock (_lock)
            {
                newest = _writer.Segment;
            }

            var lines = SpoolReader.Read(_folder, _confirmed.Segment, _confirmed.Offset);
            if (lines.Count > 0)
            {
                var events = lines.Select(read => SpooledEvents.FromLine(read.Line)).OfType<IWorkspaceEvent>().ToList();
                var end = _confirmed with { Offset = lines[^1].Next };
                if (events.Count > 0)
                {
                    return new SpoolBatch(events, end);
                }

                _confirmed = end; // nothing but notes for ourselves
            }
            else if (_confirmed.Segment >= newest)
            {
                return new SpoolBatch([], _confirmed);
            }
            else
            {
                _confirmed = new SpoolPosition(_confirmed.Segment + 1, 0);
            }
        }
    }

    /// <summary>The broker has confirmed a batch: it is not read again, and files that are no longer needed go.</summary>
    internal void Confirm(SpoolBatch batch)
    {
        _confirmed = batch.End;
        _folder.WriteConfirmed(_confirmed);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer.Dispose();
        _folder.Dispose();
    }

    private void Append(SpoolLine line, IWorkspaceEvent? fact)
    {
        lock (_lock)
        {
            if (_writer.IsSegmentFull)
            {
                _writer.StartSegment(_open.All, line.At);
            }

            _writer.Append(line);
            _open.Apply(line, fact);
        }
    }

    private void Recover(long segment)
    {
        for (var offset = 0L; ;)
        {
            var lines = SpoolReader.Read(_folder, segment, offset);
            if (lines.Count == 0)
            {
                return;
            }

            foreach (var (line, next) in lines)
            {
                _open.Apply(line, SpooledEvents.FromLine(line));
                offset = next;
            }
        }
    }
}

/// <summary>Events to publish, and the place in the spool behind them.</summary>
internal sealed record SpoolBatch(IReadOnlyList<IWorkspaceEvent> Events, SpoolPosition End);

using System.Text.Json;
using Workspaces.Contracts;

namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>
/// Appends lines to the newest segment. A line is handed to the operating system before <see cref="Append"/> returns, so that a
/// killed process loses none; <see cref="FlushToDisk"/> does the rest for a machine that loses power.
/// </summary>
internal sealed class SpoolWriter : IDisposable
{
    private readonly SpoolFolder _folder;
    private readonly long _segmentSize;
    private FileStream _file;
    private long _firstLineEnd;
    private bool _dirty;

    public SpoolWriter(SpoolFolder folder, long segment, long segmentSize)
    {
        _folder = folder;
        _segmentSize = segmentSize;
        Segment = segment;
        _file = Open(segment);
    }

    /// <summary>The segment that is written to.</summary>
    public long Segment { get; private set; }

    /// <summary>Whether it is time for <see cref="StartSegment"/>; its first line does not count, however many sessions are on it.</summary>
    public bool IsSegmentFull => _file.Length - _firstLineEnd >= _segmentSize;

    /// <summary>Appends a line.</summary>
    /// <exception cref="IOException">It could not be written; nothing of it is left in the file.</exception>
    public void Append(SpoolLine line)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(line, ContractsJson.Options);
        Array.Resize(ref json, json.Length + 1);
        json[^1] = (byte)'\n';

        var before = _file.Length;
        try
        {
            _file.Write(json);
            _dirty = true;
        }
        catch (IOException)
        {
            // A disk that fills up takes part of a line; the next line must not be glued to it.
            _file.SetLength(before);
            throw;
        }
    }

    /// <summary>Begins the next segment, with all open sessions on its first line.</summary>
    public void StartSegment(IReadOnlyList<OpenSession> open, DateTimeOffset at)
    {
        var next = Open(Segment + 1);
        _file.Flush(flushToDisk: true);
        _file.Dispose();
        _file = next;
        Segment++;
        Append(new SpoolLine { At = at, Open = open });
        _firstLineEnd = _file.Length;
    }

    /// <summary>Has what was appended written to the disk itself.</summary>
    public void FlushToDisk()
    {
        if (_dirty)
        {
            _dirty = false;
            _file.Flush(flushToDisk: true);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private FileStream Open(long segment) => new(_folder.SegmentPath(segment), new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.Read | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
    });
}

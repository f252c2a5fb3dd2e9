using System.Globalization;

namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>
/// The files of the spool: segments <c>spool-0000000001.jsonl</c> that are only ever appended to, and <c>confirmed</c>, which says up to
/// where the broker has confirmed. Held by one process at a time.
/// </summary>
internal sealed class SpoolFolder : IDisposable
{
    private const string Prefix = "spool-";
    private const string Suffix = ".jsonl";

    private readonly string _path;
    private readonly FileStream _heldBy;

    /// <summary>Opens the folder, makes it where it is missing, and keeps other processes out.</summary>
    /// <exception cref="SpoolException">It cannot be used; the message says why and what to do.</exception>
    public SpoolFolder(string path)
    {
        _path = path;
        try
        {
            System.IO.Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            _heldBy = new FileStream(Path.Combine(path, "held"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new SpoolException($"The spool folder {path} cannot be written to. Give the Proxy's user write access, or set Proxy:SpoolFolder.", e);
        }
        catch (IOException e)
        {
            throw new SpoolException($"The spool folder {path} cannot be used ({e.Message}). Each Proxy needs a folder of its own: set Proxy:SpoolFolder.", e);
        }
    }

    /// <summary>Numbers of the segments that exist, in order.</summary>
    public IReadOnlyList<long> Segments() =>
        [.. System.IO.Directory.EnumerateFiles(_path, Prefix + "*" + Suffix)
            .Select(file => Path.GetFileName(file)[Prefix.Length..^Suffix.Length])
            .Where(number => long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(number => long.Parse(number, CultureInfo.InvariantCulture))
            .Order()];

    /// <summary>Path of a segment.</summary>
    public string SegmentPath(long segment) => Path.Combine(_path, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{segment:D10}{Suffix}"));

    /// <summary>Up to where the broker has confirmed; the beginning of the oldest segment where that is not known.</summary>
    public SpoolPosition ReadConfirmed()
    {
        var oldest = new SpoolPosition(Segments() is [var first, ..] ? first : 0, 0);
        var file = Path.Combine(_path, "confirmed");
        if (!File.Exists(file))
        {
            return oldest;
        }

        // Publishing again is harmless (an event keeps its id), forgetting an event is not: what cannot be read counts as nothing.
        return File.ReadAllText(file).Split(' ', '\n') is [var segment, var offset, ..]
            && long.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var s)
            && long.TryParse(offset, NumberStyles.None, CultureInfo.InvariantCulture, out var o)
            && s >= oldest.Segment
            ? new SpoolPosition(s, o)
            : oldest;
    }

    /// <summary>Remembers up to where the broker has confirmed, and deletes the segments before.</summary>
    public void WriteConfirmed(SpoolPosition position)
    {
        var file = Path.Combine(_path, "confirmed");
        File.WriteAllText(file + ".new", string.Create(CultureInfo.InvariantCulture, $"{position.Segment} {position.Offset}\n"));
        File.Move(file + ".new", file, overwrite: true);

        foreach (var segment in Segments().Where(segment => segment < position.Segment))
        {
            File.Delete(SegmentPath(segment));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _heldBy.Dispose();
}

/// <summary>A place in the spool.</summary>
/// <param name="Segment">Number of the segment.</param>
/// <param name="Offset">Bytes from its beginning; always the beginning of a line.</param>
internal readonly record struct SpoolPosition(long Segment, long Offset);

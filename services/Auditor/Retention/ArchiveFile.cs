using System.Globalization;
using System.IO.Compression;
using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Retention;

/// <summary>
/// A file of the archive: entries in their order as NDJSON in gzip, named by its first and last sequence. A file that is there is complete: it is
/// written under another name, brought to the disk, and then named.
/// </summary>
internal static class ArchiveFile
{
    private const string Extension = ".ndjson.gz";
    private const string Unfinished = ".partial";

    /// <summary>The name of the file for a range.</summary>
    public static string NameOf(long first, long last) =>
        string.Create(CultureInfo.InvariantCulture, $"events-{first:D19}-{last:D19}{Extension}");

    /// <summary>Writes entries and returns the file's path. One of that name from an attempt before is replaced.</summary>
    public static async Task<string> WriteAsync(string folder, IReadOnlyList<LogEntry> entries, CancellationToken cancellationToken)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, NameOf(entries[0].Sequence, entries[^1].Sequence));
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Options = FileOptions.Asynchronous,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
        };
        await using (var file = new FileStream(path + Unfinished, options))
        {
            await using (var gzip = new GZipStream(file, CompressionLevel.Optimal, leaveOpen: true))
            {
                await LogLines.WriteAsync(gzip, entries, cancellationToken);
            }

            await file.FlushAsync(cancellationToken);
            file.Flush(flushToDisk: true);
        }

        File.Move(path + Unfinished, path, overwrite: true);
        return path;
    }

    /// <summary>Reads a file back, or an export that was kept in one, and checks its chain.</summary>
    /// <param name="path">The file; gzip where its name ends with <c>.gz</c>.</param>
    /// <param name="previous">Hash that its first entry must follow; null: not known.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task<ArchiveVerification> VerifyAsync(string path, string? previous, CancellationToken cancellationToken)
    {
        long first = 0, expected = 0;
        try
        {
            await using var file = File.OpenRead(path);
            await using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
            await foreach (var entry in LogLines.ReadAsync(content, cancellationToken))
            {
                if (first == 0)
                {
                    first = expected = entry.Sequence;
                    previous ??= first == 1 ? LogHash.Start : null;
                }

                if (LogChain.ProblemOf(entry, expected, previous) is { } problem)
                {
                    return new ArchiveVerification(first, expected - 1, previous, $"Entry {expected} does not fit: {problem}");
                }

                previous = entry.Hash;
                expected++;
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            return new ArchiveVerification(first, expected - 1, previous, $"It cannot be read after entry {expected - 1}: {e.Message}");
        }

        return first == 0 ? new ArchiveVerification(0, 0, previous, "It has no entries.") : new ArchiveVerification(first, expected - 1, previous, Problem: null);
    }
}

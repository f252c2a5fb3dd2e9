using System.Text.Json;
using Workspaces.Contracts;

namespace Workspaces.Proxy.Sessions.Spool;

/// <summary>Reads lines from segments; a last line without its end (the process was killed while writing it) is not there yet.</summary>
internal static class SpoolReader
{
    private const int ChunkSize = 1 << 20;

    /// <summary>Lines of one segment from <paramref name="offset"/> on, at most a chunk of them, each with the offset behind it.</summary>
    /// <exception cref="SpoolException">A complete line cannot be read.</exception>
    public static IReadOnlyList<(SpoolLine Line, long Next)> Read(SpoolFolder folder, long segment, long offset)
    {
        var path = folder.SegmentPath(segment);
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete);
        for (var size = ChunkSize; ; size *= 2)
        {
            var chunk = new byte[Math.Min(size, Math.Max(0, RandomAccess.GetLength(file) - offset))];
            var read = RandomAccess.Read(file, chunk, offset);
            var lines = Split(chunk.AsMemory(0, read), path, offset);

            // A line may be longer than a chunk (the first of a segment, with thousands of sessions).
            if (lines.Count > 0 || read < size)
            {
                return lines;
            }
        }
    }

    private static List<(SpoolLine, long)> Split(ReadOnlyMemory<byte> chunk, string path, long offset)
    {
        var lines = new List<(SpoolLine, long)>();
        while (chunk.Span.IndexOf((byte)'\n') is >= 0 and var end)
        {
            offset += end + 1;
            try
            {
                lines.Add((JsonSerializer.Deserialize<SpoolLine>(chunk.Span[..end], ContractsJson.Options)!, offset));
            }
            catch (JsonException e)
            {
                throw new SpoolException($"{path} is damaged before byte {offset}: {e.Message} Move the file away to start without it.", e);
            }

            chunk = chunk[(end + 1)..];
        }

        return lines;
    }
}

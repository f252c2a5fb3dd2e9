using System.Globalization;
using System.Text;
using Workspaces.LocalCluster.Pods;

namespace Workspaces.LocalCluster.Node.Logs;

/// <summary>Copies a container's log file to a client as the log subresource's parameters say.</summary>
internal static class ContainerLogReader
{
    private const byte NewLine = (byte)'\n';

    /// <summary>
    /// Copies the log and, with follow and while <paramref name="live"/> grows, what comes.
    /// </summary>
    public static async Task CopyAsync(string path, ContainerLog? live, LogRequest request, Stream destination, CancellationToken ct)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (request.TailLines is { } tail)
        {
            file.Position = FindTail(file, tail);
        }

        var writer = new EntryWriter(request, destination);
        var pending = new MemoryStream();
        var buffer = new byte[64 * 1024];
        while (true)
        {
            // Asked before reading, so that a change between reading and waiting is not missed.
            var change = request.Follow ? live?.NextChange : null;
            int read;
            while ((read = await file.ReadAsync(buffer, ct)) > 0)
            {
                pending.Write(buffer, 0, read);
                if (!await WriteEntriesAsync(pending, writer, ct))
                {
                    return;
                }
            }

            await destination.FlushAsync(ct);
            if (change is null)
            {
                return;
            }

            await change.WaitAsync(ct);
        }
    }

    /// <summary>Writes the whole entries and keeps the rest; false when the limit is reached.</summary>
    private static async Task<bool> WriteEntriesAsync(MemoryStream pending, EntryWriter writer, CancellationToken ct)
    {
        var data = pending.GetBuffer().AsMemory(0, (int)pending.Length);
        var used = 0;
        while (data.Span[used..].IndexOf(NewLine) is >= 0 and var length)
        {
            if (!await writer.WriteAsync(data.Slice(used, length), ct))
            {
                return false;
            }

            used += length + 1;
        }

        var rest = data[used..].ToArray();
        pending.SetLength(0);
        pending.Write(rest);
        return true;
    }

    /// <summary>The position where the last lines begin. Only entries that end a line count.</summary>
    private static long FindTail(FileStream file, long lines)
    {
        var starts = new Queue<long>();
        long start = 0;
        using var reader = new BinaryReader(file, Encoding.UTF8, leaveOpen: true);
        var entry = new List<byte>();
        var lineStart = 0L;
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = reader.Read(buffer, 0, buffer.Length)) > 0)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] != NewLine)
                {
                    entry.Add(buffer[i]);
                    continue;
                }

                start += entry.Count + 1;
                if (IsFull(entry))
                {
                    starts.Enqueue(lineStart);
                    lineStart = start;
                    if (starts.Count > lines)
                    {
                        starts.Dequeue();
                    }
                }

                entry.Clear();
            }
        }

        return lines == 0 ? lineStart : starts.TryPeek(out var first) ? first : 0;
    }

    private static bool IsFull(List<byte> entry)
    {
        var first = entry.IndexOf((byte)' ');
        var second = entry.IndexOf((byte)' ', first + 1);
        return entry[second + 1] == (byte)'F';
    }

    /// <summary>Strips or keeps times, drops what is too old, and counts bytes.</summary>
    private sealed class EntryWriter(LogRequest request, Stream destination)
    {
        private long _left = request.LimitBytes ?? long.MaxValue;
        private bool _inLine;

        public async Task<bool> WriteAsync(ReadOnlyMemory<byte> entry, CancellationToken ct)
        {
            var time = entry.Span.IndexOf((byte)' ');
            var stream = entry.Span[(time + 1)..];
            if (request.Stream is { } wanted && !stream.StartsWith(Encoding.ASCII.GetBytes(wanted)))
            {
                return true;
            }

            var mark = time + 1 + entry.Span[(time + 1)..].IndexOf((byte)' ') + 1;
            if (request.Since is { } since
                && DateTimeOffset.Parse(Encoding.ASCII.GetString(entry.Span[..time]), CultureInfo.InvariantCulture) < since)
            {
                return true;
            }

            using var line = new MemoryStream();
            if (request.Timestamps && !_inLine)
            {
                line.Write(entry.Span[..(time + 1)]);
            }

            line.Write(entry.Span[(mark + 2)..]);
            _inLine = entry.Span[mark] == (byte)'P';
            if (!_inLine)
            {
                line.WriteByte(NewLine);
            }

            var length = (int)Math.Min(_left, line.Length);
            await destination.WriteAsync(line.GetBuffer().AsMemory(0, length), ct);
            _left -= length;
            return _left > 0;
        }
    }
}

using System.Globalization;
using System.Text;

namespace Workspaces.LocalCluster.Node.Logs;

/// <summary>
/// The log file of one run of a container, in the format of the container runtime interface
/// (<c>TIME stdout|stderr F|P TEXT</c>; P marks a line that continues). Wakes those who follow it and passes output on to
/// those attached.
/// </summary>
internal sealed class ContainerLog : IDisposable
{
    private const int LongestPiece = 16 * 1024;

    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private TaskCompletionSource _changed = NewSignal();
    private bool _complete;

    public ContainerLog(string path)
    {
        Path = path;
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        _file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read | FileShare.Delete);
    }

    /// <summary>Raw output as it comes, for attached clients. Called on the reading thread: must not block for long.</summary>
    public event Action<bool, ReadOnlyMemory<byte>>? Received;

    public string Path { get; }

    /// <summary>Completes at the next change; ask before reading, so that no change is missed. Null when no change will come.</summary>
    public Task? NextChange
    {
        get
        {
            lock (_lock)
            {
                return _complete ? null : _changed.Task;
            }
        }
    }

    /// <summary>
    /// Reads a stream of the container to its end, on a thread of its own: reads from pipes and terminals block, and a pool
    /// thread per running container would starve everyone else.
    /// </summary>
    public Task PumpAsync(Stream source, bool errors)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() =>
        {
            try
            {
                Pump(source, errors);
                done.SetResult();
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        }, maxStackSize: 256 * 1024)
        { IsBackground = true, Name = $"log {(errors ? "stderr" : "stdout")}" };
        thread.Start();
        return done.Task;
    }

    /// <summary>Says that no more output will come.</summary>
    public void Complete()
    {
        lock (_lock)
        {
            _complete = true;
            _file.Dispose();
            _changed.TrySetResult();
        }
    }

    public void Dispose() => Complete();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Pump(Stream source, bool errors)
    {
        var buffer = new byte[LongestPiece];
        var held = 0;
        while (true)
        {
            int read;
            try
            {
                read = source.Read(buffer, held, buffer.Length - held);
            }
            catch (IOException)
            {
                // EIO: how a terminal says that its last user has gone.
                read = 0;
            }

            if (read == 0)
            {
                Write(errors, buffer.AsSpan(0, held), flush: true);
                return;
            }

            Received?.Invoke(errors, buffer.AsMemory(held, read));
            var used = Write(errors, buffer.AsSpan(0, held + read), flush: held + read == buffer.Length);
            held = held + read - used;
            buffer.AsSpan(used, held).CopyTo(buffer);
        }
    }

    /// <summary>Writes the whole lines of a piece, and with <paramref name="flush"/> the rest too; returns how much it used.</summary>
    private int Write(bool errors, ReadOnlySpan<byte> data, bool flush)
    {
        var time = DateTimeOffset.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
        var used = 0;
        lock (_lock)
        {
            while (data[used..].IndexOf((byte)'\n') is >= 0 and var length)
            {
                WriteEntry(time, errors, 'F', data.Slice(used, length));
                used += length + 1;
            }

            if (flush && used < data.Length)
            {
                WriteEntry(time, errors, 'P', data[used..]);
                used = data.Length;
            }

            if (used > 0)
            {
                _file.Flush();
                _changed.TrySetResult();
                _changed = NewSignal();
            }
        }

        return used;
    }

    private void WriteEntry(string time, bool errors, char mark, ReadOnlySpan<byte> text)
    {
        _file.Write(Encoding.ASCII.GetBytes($"{time} {(errors ? "stderr" : "stdout")} {mark} "));
        _file.Write(text);
        _file.WriteByte((byte)'\n');
    }
}

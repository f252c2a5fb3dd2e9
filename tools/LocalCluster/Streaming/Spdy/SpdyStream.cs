using System.IO.Pipelines;

namespace Workspaces.LocalCluster.Streaming.Spdy;

/// <summary>
/// One stream of a connection, opened by the client. Reading and writing are independent: each side ends its own direction, and a reset ends both.
/// </summary>
internal sealed class SpdyStream : IDisposable
{
    private const int MaxWaiting = 1 << 20;
    private const int MaxFrame = 32 * 1024;

    private readonly SpdyConnection _connection;
    private readonly Pipe _received = new(new PipeOptions(pauseWriterThreshold: MaxWaiting, resumeWriterThreshold: MaxWaiting / 2, useSynchronizationContext: false));
    private readonly CancellationTokenSource _reset = new();
    private readonly Lock _ending = new();
    private bool _disposed;
    private bool _closed;
    private bool _ended;

    public SpdyStream(SpdyConnection connection, int id, IReadOnlyDictionary<string, string> headers)
    {
        (_connection, Id, Headers) = (connection, id, headers);
        Input = _received.Reader.AsStream();
        Reset = _reset.Token;
    }

    public int Id { get; }

    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>What the client sends, to its end; an <see cref="IOException"/> where the client reset the stream or is gone.</summary>
    public Stream Input { get; }

    /// <summary>Cancelled when the client has reset the stream or is gone.</summary>
    public CancellationToken Reset { get; }

    public string Header(string name) => Headers.GetValueOrDefault(name, "");

    public async Task WriteAsync(ReadOnlyMemory<byte> data, CancellationToken ct)
    {
        for (; !data.IsEmpty; data = data[Math.Min(MaxFrame, data.Length)..])
        {
            Reset.ThrowIfCancellationRequested();
            await _connection.SendDataAsync(Id, data[..Math.Min(MaxFrame, data.Length)], last: false, ct);
        }
    }

    /// <summary>Says that nothing more comes from this side.</summary>
    public async Task CloseAsync(CancellationToken ct)
    {
        if (!_closed)
        {
            _closed = true;
            await _connection.SendDataAsync(Id, ReadOnlyMemory<byte>.Empty, last: true, ct);
        }
    }

    /// <summary>Ends both directions.</summary>
    public async Task AbortAsync(SpdyStatus status, CancellationToken ct)
    {
        _closed = true;
        await _connection.ResetAsync(Id, status, ct);
        await Input.DisposeAsync();
    }

    /// <summary>Forgets what was not read: from now on what comes is dropped.</summary>
    public void Dispose()
    {
        Input.Dispose();
        lock (_ending)
        {
            _disposed = true;
            _reset.Dispose();
        }
    }

    /// <summary>Takes in what the client sent. Waits while too much of it is unread; what nobody reads any more is dropped.</summary>
    internal async Task ReceiveAsync(ReadOnlyMemory<byte> data, bool last, CancellationToken ct)
    {
        if (!data.IsEmpty && !_ended)
        {
            await _received.Writer.WriteAsync(data, ct);
        }

        if (last)
        {
            _ended = true;
            await _received.Writer.CompleteAsync();
        }
    }

    /// <summary>The stream is over, whatever was still to come.</summary>
    internal void Break(string why)
    {
        _ended = true;
        _received.Writer.Complete(new IOException(why));
        lock (_ending)
        {
            if (!_disposed)
            {
                _reset.Cancel();
            }
        }
    }
}

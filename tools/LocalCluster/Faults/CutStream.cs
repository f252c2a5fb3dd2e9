namespace Workspaces.LocalCluster.Faults;

/// <summary>A response's body that passes on so many bytes and then cuts the connection. The request itself has been carried out by then.</summary>
internal sealed class CutStream(HttpContext http, long afterBytes) : Stream
{
    private readonly Stream _inner = http.Response.Body;
    private long _left = afterBytes;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length < _left)
        {
            _left -= buffer.Length;
            await _inner.WriteAsync(buffer, cancellationToken);
            return;
        }

        await _inner.WriteAsync(buffer[..(int)_left], cancellationToken);
        if (_left > 0)
        {
            await _inner.FlushAsync(cancellationToken);
        }

        _left = 0;
        http.Abort();
        throw new ConnectionCutException();
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => _inner.FlushAsync(cancellationToken);

    public override void Flush() => throw new NotSupportedException("Responses are written asynchronously.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Responses are written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}

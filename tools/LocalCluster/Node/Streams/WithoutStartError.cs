namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>
/// A command's error output without what the runtime itself writes there when it cannot start the command: that travels as the outcome.
/// </summary>
internal sealed class WithoutStartError(Stream inner, Task<string?> ended) : Stream
{
    /// <summary>How long the runtime may take to end after it has said why.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private bool _begun;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        if (_begun || read == 0)
        {
            return read;
        }

        _begun = true;
        if (!buffer.Span[..read].StartsWith("executable file `"u8))
        {
            return read;
        }

        // The runtime's words, or a command's that sound like them: only the end tells.
        await Task.WhenAny(ended, Task.Delay(Patience, cancellationToken));
        return ended.IsCompleted && await ended is not null ? 0 : read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => ReadAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}

namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>
/// The input of a terminal: closing it types the end-of-file character, because a terminal's two directions cannot be closed
/// one by one.
/// </summary>
internal sealed class TerminalInput(Stream terminal) : Stream
{
    private const byte EndOfFile = 4;

    private bool _closed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => terminal.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => terminal.Write(buffer, offset, count);

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_closed)
        {
            _closed = true;
            try
            {
                terminal.WriteByte(EndOfFile);
                terminal.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException)
            {
                // The program has left its terminal already and needs no end of input.
            }
        }

        base.Dispose(disposing);
    }
}

namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>The input of a container as one attached client sees it: the client's leaving does not close it for the next.</summary>
internal sealed class SharedInput(Stream input) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() => input.Flush();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count)
    {
        input.Write(buffer, offset, count);
        input.Flush();
    }
}

using System.IO.Pipelines;

namespace Workspaces.Ssh.Transport;

/// <summary>A pair of pipes, for instance over a stream.</summary>
public sealed class DuplexPipe(PipeReader input, PipeWriter output) : IDuplexPipe
{
    /// <summary>Large enough for two of OpenSSH's data packets: a read brings what the peer wrote at once.</summary>
    private const int ReadBufferLength = 64 * 1024;

    /// <inheritdoc/>
    public PipeReader Input { get; } = input;

    /// <inheritdoc/>
    public PipeWriter Output { get; } = output;

    /// <summary>Over a stream that reads and writes at the same time, such as a socket's. The stream stays the caller's to dispose.</summary>
    public static DuplexPipe Over(Stream stream) => new(
        PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: ReadBufferLength, minimumReadSize: ReadBufferLength / 4, leaveOpen: true)),
        PipeWriter.Create(stream, new StreamPipeWriterOptions(minimumBufferSize: ReadBufferLength / 4, leaveOpen: true)));
}

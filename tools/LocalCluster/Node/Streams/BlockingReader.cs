using System.IO.Pipelines;

namespace Workspaces.LocalCluster.Node.Streams;

/// <summary>
/// Makes a stream whose reads block a thread (a pipe, a terminal) readable without blocking one: a thread of its own reads
/// ahead, up to the pipe's limit.
/// </summary>
internal static class BlockingReader
{
    private const int ChunkSize = 64 * 1024;

    /// <summary>A stream that gives what <paramref name="source"/> gives, to its end.</summary>
    public static Stream ReadAhead(Stream source, string name)
    {
        var pipe = new Pipe(new PipeOptions(useSynchronizationContext: false));
        new Thread(() => Copy(source, pipe.Writer), maxStackSize: 256 * 1024) { IsBackground = true, Name = name }.Start();
        return pipe.Reader.AsStream();
    }

    private static void Copy(Stream source, PipeWriter writer)
    {
        try
        {
            while (true)
            {
                var read = Read(source, writer.GetSpan(ChunkSize));
                if (read == 0)
                {
                    break;
                }

                writer.Advance(read);
                var flush = writer.FlushAsync();
                var result = flush.IsCompleted ? flush.Result : flush.AsTask().GetAwaiter().GetResult();
                if (result.IsCompleted)
                {
                    break; // nobody reads any more
                }
            }

            writer.Complete();
        }
        catch (Exception e)
        {
            writer.Complete(e);
        }
    }

    private static int Read(Stream source, Span<byte> buffer)
    {
        try
        {
            return source.Read(buffer);
        }
        catch (IOException)
        {
            // EIO: how a terminal says that its last user has gone.
            return 0;
        }
    }
}

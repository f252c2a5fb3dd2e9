using System.IO.Pipelines;
using Workspaces.Ssh.Transport;

namespace Workspaces.Ssh.Tests.Support;

/// <summary>Somebody on the wire between client and server, who sees and may change what the client sends.</summary>
internal sealed class Tampering
{
    private readonly Pipe _fromClient = new(MemoryPair.Unlimited);
    private readonly Pipe _toServer = new(MemoryPair.Unlimited);

    public Tampering(Func<long, byte[], byte[]?> change)
    {
        var toClient = new Pipe(MemoryPair.Unlimited);
        Client = new DuplexPipe(toClient.Reader, _fromClient.Writer);
        Server = new DuplexPipe(_toServer.Reader, toClient.Writer);
        Forwarding = ForwardAsync(change);
    }

    public IDuplexPipe Client { get; }

    public IDuplexPipe Server { get; }

    public Task Forwarding { get; }

    private async Task ForwardAsync(Func<long, byte[], byte[]?> change)
    {
        long position = 0;
        while (true)
        {
            var read = await _fromClient.Reader.ReadAsync();
            foreach (var segment in read.Buffer)
            {
                var bytes = segment.ToArray();
                var changed = change(position, bytes);
                position += bytes.Length;
                if (changed is null)
                {
                    // The stream is cut.
                    await _toServer.Writer.CompleteAsync();
                    await _fromClient.Reader.CompleteAsync();
                    return;
                }

                await _toServer.Writer.WriteAsync(changed);
            }

            _fromClient.Reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                await _toServer.Writer.CompleteAsync();
                return;
            }
        }
    }
}

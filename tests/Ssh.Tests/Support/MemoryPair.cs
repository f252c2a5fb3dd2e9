using System.IO.Pipelines;
using Workspaces.Ssh.Keys;
using Workspaces.Ssh.Transport;
using Xunit;

namespace Workspaces.Ssh.Tests.Support;

/// <summary>Two ends of a connection in memory.</summary>
internal sealed class MemoryPair
{
    /// <summary>A test may write before anybody reads.</summary>
    public static readonly PipeOptions Unlimited = new(pauseWriterThreshold: 0);

    public MemoryPair(bool choppy = false)
    {
        var toServer = new Pipe(Unlimited);
        var toClient = new Pipe(Unlimited);
        Client = choppy ? Chop(toClient.Reader, toServer.Writer) : new DuplexPipe(toClient.Reader, toServer.Writer);
        Server = choppy ? Chop(toServer.Reader, toClient.Writer) : new DuplexPipe(toServer.Reader, toClient.Writer);
    }

    public IDuplexPipe Client { get; }

    public IDuplexPipe Server { get; }

    public static SshPrivateKey HostKey { get; } = SshPrivateKey.GenerateEd25519();

    public static SshServerOptions ServerOptions() => LoopbackServer.DefaultOptions(HostKey);

    public static SshClientOptions ClientOptions() => new()
    {
        Identification = SshIdentification.Create("Test_1"),
        IsExpectedHostKey = HostKey.PublicKey.Equals,
    };

    /// <summary>Both sides after their first key exchange.</summary>
    public async Task<(SshConnection Client, SshConnection Server)> ConnectAsync(SshClientOptions? client = null, SshServerOptions? server = null)
    {
        var accepting = SshConnection.AcceptAsync(Server, server ?? ServerOptions(), TestContext.Current.CancellationToken).AsTask();
        var connecting = SshConnection.ConnectAsync(Client, client ?? ClientOptions(), TestContext.Current.CancellationToken).AsTask();
        return (await connecting, await accepting);
    }

    private static DuplexPipe Chop(PipeReader reader, PipeWriter writer) => DuplexPipe.Over(new ChoppyStream(reader.AsStream(), writer.AsStream()));
}

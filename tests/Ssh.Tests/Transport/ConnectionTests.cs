using Workspaces.Ssh.Tests.Support;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;
using Xunit;

namespace Workspaces.Ssh.Tests.Transport;

/// <summary>Client and server role of the library against each other, in memory.</summary>
public sealed class ConnectionTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("mlkem768x25519-sha256", "aes128-gcm@openssh.com", false)]
    [InlineData("curve25519-sha256", "aes256-gcm@openssh.com", true)]
    [InlineData("curve25519-sha256@libssh.org", "chacha20-poly1305@openssh.com", true)]
    [InlineData("mlkem768x25519-sha256", "aes256-ctr", true)]
    public async Task Connect_WithEachAlgorithm_CarriesPacketsOfEverySize(string keyExchange, string cipher, bool choppy)
    {
        var (client, server) = await new MemoryPair(choppy).ConnectAsync(new SshClientOptions
        {
            Identification = SshIdentification.Create("Test_1"),
            IsExpectedHostKey = MemoryPair.HostKey.PublicKey.Equals,
            KeyExchanges = [keyExchange],
            Ciphers = [cipher],
        });
        await using var _ = client;
        await using var __ = server;

        foreach (var length in new[] { 1, 2, 7, 8, 9, 15, 16, 17, 100, 4096, 32 * 1024, choppy ? 40_000 : 250_000 })
        {
            var message = Message(length);
            var writing = client.WritePacketAsync(message, Cancellation);
            var packet = await server.ReadPacketAsync(Cancellation);
            await writing;
            Assert.Equal(message, packet.Payload.ToArray());
        }

        Assert.Equal(client.SessionId.ToArray(), server.SessionId.ToArray());
        Assert.True(client.Algorithms.StrictKeyExchange);
        Assert.Equal((keyExchange, cipher), (client.Algorithms.KeyExchange, client.Algorithms.CipherToServer));
        Assert.Equal(client.BytesSent, server.BytesReceived);
    }

    [Fact]
    public async Task Connect_ToAnotherHostKey_EndsWithHostKeyNotVerifiable()
    {
        var pair = new MemoryPair();
        var accepting = SshConnection.AcceptAsync(pair.Server, MemoryPair.ServerOptions(), Cancellation).AsTask();
        var connecting = SshConnection.ConnectAsync(
            pair.Client,
            new SshClientOptions { Identification = SshIdentification.Create("Test_1"), IsExpectedHostKey = _ => false },
            Cancellation).AsTask();

        var refused = await Assert.ThrowsAsync<SshProtocolException>(() => connecting);
        var told = await Assert.ThrowsAsync<SshDisconnectedException>(() => accepting);

        Assert.Equal(DisconnectReason.HostKeyNotVerifiable, refused.Reason);
        Assert.Equal((DisconnectReason.HostKeyNotVerifiable, true), (told.Reason, told.ByPeer));
    }

    [Fact]
    public async Task Disconnect_WithASentence_ReachesThePeer()
    {
        var (client, server) = await new MemoryPair().ConnectAsync();
        await using var _ = client;
        await using var __ = server;

        await server.DisconnectAsync(DisconnectReason.TooManyConnections, "No room.");
        var told = await Assert.ThrowsAsync<SshDisconnectedException>(async () => await client.ReadPacketAsync(Cancellation));
        var own = await Assert.ThrowsAsync<SshDisconnectedException>(async () => await server.WritePacketAsync(Message(5), Cancellation));

        Assert.Equal((DisconnectReason.TooManyConnections, "No room.", true), (told.Reason, told.Message, told.ByPeer));
        Assert.False(own.ByPeer);
        Assert.True(client.Closed.IsCancellationRequested && server.Closed.IsCancellationRequested);
    }

    [Fact]
    public async Task Read_Cancelled_LosesNothing()
    {
        var (client, server) = await new MemoryPair().ConnectAsync();
        await using var _ = client;
        await using var __ = server;
        using var cancel = new CancellationTokenSource();
        var reading = server.ReadPacketAsync(cancel.Token).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
        await client.WritePacketAsync(Message(100), Cancellation);
        var packet = await server.ReadPacketAsync(Cancellation);

        Assert.Equal(Message(100), packet.Payload.ToArray());
    }

    [Fact]
    public async Task Ping_FromThePeer_IsAnsweredWithTheSameData()
    {
        var (client, server) = await new MemoryPair().ConnectAsync();
        await using var _ = client;
        await using var __ = server;
        var serverReading = server.ReadPacketAsync(Cancellation).AsTask();
        var before = client.BytesReceived;
        var ping = SshWriter.Message(MessageNumber.Ping);
        ping.WriteString("are you there");

        await client.WritePacketAsync(ping.WrittenMemory, Cancellation);
        await client.WritePacketAsync(Message(10), Cancellation);
        await serverReading;
        await server.WritePacketAsync(Message(10), Cancellation);
        await client.ReadPacketAsync(Cancellation);

        // The answer itself is the transport's; it shows in the byte count. 64 bytes: EXT_INFO was read with the first packet.
        Assert.True(client.BytesReceived - before > 64 + 16);
    }

    [Fact]
    public async Task UnknownTransportMessage_IsAnsweredUnimplemented_AndTheConnectionLives()
    {
        var (client, server) = await new MemoryPair().ConnectAsync();
        await using var _ = client;
        await using var __ = server;
        var serverReading = server.ReadPacketAsync(Cancellation).AsTask();

        await client.WritePacketAsync(new byte[] { 10, 1, 2, 3 }, Cancellation);
        await client.WritePacketAsync(Message(10), Cancellation);

        Assert.Equal(Message(10), (await serverReading).Payload.ToArray());
    }

    private static byte[] Message(int length)
    {
        var message = new byte[length];
        new Random(length).NextBytes(message);
        message[0] = MessageNumber.ChannelData;
        return message;
    }
}

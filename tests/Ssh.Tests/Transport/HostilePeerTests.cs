using System.Buffers.Binary;
using System.Text;
using Workspaces.Ssh.Authentication;
using Workspaces.Ssh.Tests.Support;
using Workspaces.Ssh.Transport;
using Workspaces.Ssh.Wire;
using Xunit;

namespace Workspaces.Ssh.Tests.Transport;

/// <summary>What a server meets from people who mean no good. Every case ends with a reason, quickly, and in an SshException.</summary>
public sealed class HostilePeerTests
{
    private const string Identification = "SSH-2.0-Evil_1\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("SSH-1.5-old\r\n")]
    [InlineData("SSH-2.0-\u0001\r\n")]
    [InlineData("\r\n")]
    public async Task Identification_OfSomethingElse_IsRefused(string line)
    {
        var failure = await AcceptAsync(Encoding.Latin1.GetBytes(line));

        Assert.IsType<SshProtocolException>(failure);
    }

    [Fact]
    public async Task Identification_WithoutEnd_IsRefusedAtItsLimit()
    {
        var failure = await AcceptAsync(Encoding.ASCII.GetBytes("SSH-2.0-" + new string('a', 10_000)));

        Assert.Equal(DisconnectReason.ProtocolVersionNotSupported, Assert.IsType<SshProtocolException>(failure).Reason);
    }

    [Fact]
    public async Task Identification_ThenSilence_EndsAtTheDeadline()
    {
        var pair = new MemoryPair();
        await pair.Client.Output.WriteAsync(Encoding.ASCII.GetBytes(Identification), Cancellation);

        var failure = await Assert.ThrowsAsync<SshProtocolException>(async () => await SshConnection.AcceptAsync(
            pair.Server,
            new SshServerOptions
            {
                Identification = SshIdentification.Create("OpenSSH_9.2"),
                HostKeys = [MemoryPair.HostKey],
                HandshakeTimeout = TimeSpan.FromMilliseconds(200),
                ClientKexInitWait = TimeSpan.FromMilliseconds(20),
            },
            Cancellation));

        Assert.Contains("too long", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(4u)]
    [InlineData(13u)]
    [InlineData(256 * 1024 + 4u)]
    [InlineData(uint.MaxValue)]
    public async Task Packet_WithAnImpossibleLength_IsRefusedWithoutWaitingForIt(uint length)
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, length);

        var failure = await AcceptAsync([.. Encoding.ASCII.GetBytes(Identification), .. bytes]);

        Assert.Equal(DisconnectReason.ProtocolError, Assert.IsType<SshProtocolException>(failure).Reason);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(11)]
    [InlineData(255)]
    public async Task Packet_WithAnImpossiblePadding_IsRefused(byte padding)
    {
        byte[] packet = [0, 0, 0, 12, padding, .. new byte[11]];

        var failure = await AcceptAsync([.. Encoding.ASCII.GetBytes(Identification), .. packet]);

        Assert.Equal(DisconnectReason.ProtocolError, Assert.IsType<SshProtocolException>(failure).Reason);
    }

    [Theory]
    [InlineData(MessageNumber.NewKeys)]
    [InlineData(MessageNumber.KexMethodInit)]
    [InlineData(MessageNumber.ServiceRequest)]
    [InlineData(MessageNumber.UserAuthRequest)]
    [InlineData(MessageNumber.ChannelOpen)]
    [InlineData(MessageNumber.UserAuthSuccess)]
    [InlineData(0)]
    public async Task Message_BeforeKeyExchange_IsRefused(byte number)
    {
        byte[] packet = [0, 0, 0, 12, 10, number, .. new byte[10]];

        var failure = await AcceptAsync([.. Encoding.ASCII.GetBytes(Identification), .. packet]);

        Assert.Equal(DisconnectReason.ProtocolError, Assert.IsType<SshProtocolException>(failure).Reason);
    }

    [Theory]
    [InlineData(MessageNumber.ChannelOpen)]
    [InlineData(MessageNumber.GlobalRequest)]
    [InlineData(MessageNumber.ChannelData)]
    [InlineData(MessageNumber.UserAuthSuccess)]
    [InlineData(MessageNumber.UserAuthRequest)]
    [InlineData(MessageNumber.KexInit)]
    [InlineData(MessageNumber.KexMethodInit)]
    [InlineData(MessageNumber.NewKeys)]
    public async Task Message_BeforeLogin_IsRefused(byte number)
    {
        var (client, server) = await new MemoryPair().ConnectAsync();
        await using var _ = client;
        await using var __ = server;

        await client.WritePacketAsync(new byte[] { number, 0, 0, 0, 0 }, Cancellation);
        var failure = await Assert.ThrowsAsync<SshProtocolException>(async () =>
            await ServerAuthentication.AuthenticateAsync(server, new ListedKeys(), new ServerAuthenticationOptions(), Cancellation));
        var told = await Assert.ThrowsAsync<SshDisconnectedException>(async () => await client.ReadPacketAsync(Cancellation));

        Assert.Equal(failure.Reason, told.Reason);
        Assert.True(told.ByPeer);
    }

    [Fact]
    public async Task Packet_ChangedOnTheWire_NeverArrives()
    {
        // Past the handshake: every byte of an encrypted packet, one at a time. Length field, one block more than the message fills, tag.
        const int PacketLength = 4 + 32 + 16;
        for (var offset = 0; offset < PacketLength; offset++)
        {
            var start = long.MaxValue;
            var wire = new Tampering((position, bytes) =>
            {
                var at = start + offset - position;
                if (at >= 0 && at < bytes.Length)
                {
                    bytes[at] ^= 0x40;
                }

                return bytes;
            });
            var accepting = SshConnection.AcceptAsync(wire.Server, MemoryPair.ServerOptions(), Cancellation).AsTask();
            await using var client = await SshConnection.ConnectAsync(wire.Client, MemoryPair.ClientOptions(), Cancellation);
            await using var server = await accepting;
            start = client.BytesSent;

            await client.WritePacketAsync(new byte[] { MessageNumber.ChannelData, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 }, Cancellation);
            var reading = server.ReadPacketAsync(Cancellation).AsTask();
            await client.WritePacketAsync(new byte[70_000], Cancellation);
            await client.DisconnectAsync(DisconnectReason.ByApplication, "done");

            // A changed length may make the server wait for more than comes; then the end of the stream ends it.
            await wire.Client.Output.CompleteAsync();
            var failure = await Assert.ThrowsAnyAsync<SshException>(() => reading);
            Assert.IsNotType<SshAuthenticationException>(failure);
        }
    }

    [Fact]
    public async Task Prefix_TruncatedWithAnInsertedPacket_IsRefused()
    {
        // Terrapin: insert an IGNORE during the handshake so that one encrypted packet can be taken away unnoticed later.
        byte[] ignore = [0, 0, 0, 12, 6, MessageNumber.Ignore, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        var inserted = false;
        var wire = new Tampering((position, bytes) =>
        {
            var lineEnd = bytes.AsSpan().IndexOf((byte)'\n');
            if (inserted || lineEnd < 0)
            {
                return bytes;
            }

            inserted = true;
            return [.. bytes[..(lineEnd + 1)], .. ignore, .. bytes[(lineEnd + 1)..]];
        });
        var accepting = SshConnection.AcceptAsync(wire.Server, MemoryPair.ServerOptions(), Cancellation).AsTask();
        var connecting = SshConnection.ConnectAsync(wire.Client, MemoryPair.ClientOptions(), Cancellation).AsTask();

        var failure = await Assert.ThrowsAsync<SshProtocolException>(() => accepting);
        await Assert.ThrowsAnyAsync<SshException>(() => connecting);

        Assert.True(inserted);
        Assert.Equal(DisconnectReason.KeyExchangeFailed, failure.Reason);
    }

    [Fact]
    public async Task Handshake_CutAnywhere_EndsAsLost()
    {
        var (whole, _) = await new MemoryPair().ConnectAsync();
        for (var cut = 0; cut < whole.BytesSent; cut += 97)
        {
            var wire = new Tampering((position, bytes) => position + bytes.Length > cut ? null : bytes);
            var accepting = SshConnection.AcceptAsync(wire.Server, MemoryPair.ServerOptions(), Cancellation).AsTask();
            var connecting = SshConnection.ConnectAsync(wire.Client, MemoryPair.ClientOptions(), Cancellation).AsTask();
            await Assert.ThrowsAnyAsync<SshException>(() => accepting);
            await Assert.ThrowsAnyAsync<SshException>(() => connecting);
        }
    }

    [Fact]
    public async Task Replies_OwedDuringAKeyExchange_AreBounded()
    {
        var (client, server) = await new MemoryPair().ConnectAsync();
        await using var _ = client;
        await using var __ = server;
        server.MarkAuthenticated();
        client.MarkAuthenticated();

        // The server asks for new keys; the client does not answer and asks for replies instead.
        await server.RekeyAsync();
        var reading = server.ReadPacketAsync(Cancellation).AsTask();
        var failure = Task.Run(async () => await reading, Cancellation);
        for (var i = 0; i < 2000 && !failure.IsCompleted; i++)
        {
            try
            {
                await client.WritePacketAsync(new byte[] { 10 }, Cancellation);
            }
            catch (SshDisconnectedException)
            {
                break;
            }
        }

        Assert.Equal(DisconnectReason.ProtocolError, (await Assert.ThrowsAsync<SshProtocolException>(() => failure)).Reason);
    }

    /// <summary>Lets a server accept a client that sends these bytes, and returns how that ended.</summary>
    private static async Task<Exception> AcceptAsync(byte[] bytes)
    {
        var pair = new MemoryPair();
        await pair.Client.Output.WriteAsync(bytes, Cancellation);
        return await Assert.ThrowsAnyAsync<SshException>(async () => await SshConnection.AcceptAsync(pair.Server, MemoryPair.ServerOptions(), Cancellation));
    }
}

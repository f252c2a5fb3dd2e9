using System.Text;
using Renci.SshNet;
using Workspaces.Proxy.Tests.Relaying;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Clients;

/// <summary>SSH.NET through the relay.</summary>
public sealed class SshNetTests
{
    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ecdsa", "256")]
    [InlineData("rsa", "3072")]
    public async Task SshNet_ByEachTypeOfKey_RunsCommandsCopiesAndForwards(string type, string bits)
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var target = new EchoListener();
        using var key = new PrivateKeyFile(await relay.AddKeyAsync(type, bits.Length > 0 ? ["-b", bits] : []));

        using var client = new SshClient("127.0.0.1", relay.Port, "dev", key);
        client.HostKeyReceived += (_, e) => e.CanTrust = "SHA256:" + e.FingerPrintSHA256 == relay.HostKeyFingerprint;
        await client.ConnectAsync(CancellationToken.None);
        using var command = client.CreateCommand("echo out; echo err >&2; exit 42");
        await command.ExecuteAsync();
        Assert.Equal(("out\n", "err\n", 42), (command.Result, command.Error, command.ExitStatus));

        var port = StockSshd.FreePort();
        using var forward = new ForwardedPortLocal("127.0.0.1", (uint)port, "127.0.0.1", (uint)target.Port);
        client.AddForwardedPort(forward);
        forward.Start();
        Assert.Equal("over L", await Tcp.ExchangeAsync(port, "over L"));
        forward.Stop();

        using var sftp = new SftpClient("127.0.0.1", relay.Port, "dev", key);
        await sftp.ConnectAsync(CancellationToken.None);
        var data = Payload.Of(2_000_000);
        sftp.UploadFile(new MemoryStream(data), relay.Folder + "/sshnet");
        using var back = new MemoryStream();
        sftp.DownloadFile(relay.Folder + "/sshnet", back);
        Assert.Equal(Payload.Hash(data), Payload.Hash(back.ToArray()));
    }

    [Fact]
    public async Task SshNet_WithAShell_TalksToIt()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var key = new PrivateKeyFile(Path.Combine(relay.Folder, "id"));
        using var client = new SshClient("127.0.0.1", relay.Port, "dev", key);
        await client.ConnectAsync(CancellationToken.None);

        using var shell = client.CreateShellStream("xterm", 91, 23, 0, 0, 4096);
        shell.WriteLine("stty size; exit");

        var seen = new StringBuilder();
        await Eventually.TrueAsync(() => seen.Append(shell.Read()).ToString().Contains("23 91", StringComparison.Ordinal), "the terminal's size");
    }
}

using System.Diagnostics;
using Workspaces.Proxy.Tests.Relaying;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Clients;

/// <summary>PuTTY's plink and psftp through the relay.</summary>
public sealed class PuttyTests
{
    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ecdsa", "384")]
    [InlineData("rsa", "2048")]
    public async Task Plink_ByEachTypeOfKey_RunsACommandAndKeepsItsExitCode(string type, string bits)
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var key = await ConvertAsync(await relay.AddKeyAsync(type, bits.Length > 0 ? ["-b", bits] : []));

        var run = await PlinkAsync(relay, key, [], "echo out; echo err >&2; exit 42");

        Assert.Equal(("out\n", 42), (run.Output, run.ExitCode));
        Assert.Contains("err\n", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plink_WithATerminal_HasOne()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var key = await ConvertAsync(Path.Combine(relay.Folder, "id"));

        var run = await PlinkAsync(relay, key, ["-t"], "tty; exit 3");

        Assert.Contains("/dev/pts/", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.ExitCode);
    }

    [Fact]
    public async Task Plink_WithTwoMegabytesBothWaysAndNewKeysOften_KeepsEveryByte()
    {
        // Its window is 16 KiB, so that it waits for the other end most of the time; more would take minutes.
        await using var relay = await LoopbackRelay.StartAsync("RekeyLimit 250K");
        relay.RekeyLimits = new() { Bytes = 300_000 };
        var key = await ConvertAsync(Path.Combine(relay.Folder, "id"));
        var data = Payload.Of(2_000_000);

        var run = await PlinkAsync(relay, key, [], "cat", data);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Payload.Hash(data), Payload.Hash(run.OutputBytes));
        Assert.True(Assert.Single(relay.Legs).Client.KeyExchanges > 5);
    }

    [Fact]
    public async Task Psftp_PutAndGet_KeepTheBytes()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var key = await ConvertAsync(Path.Combine(relay.Folder, "id"));
        var data = Payload.Of(2_000_000);
        await File.WriteAllBytesAsync(Path.Combine(relay.Folder, "a"), data);
        var batch = Path.Combine(relay.Folder, "batch");
        await File.WriteAllTextAsync(batch, $"put {relay.Folder}/a {relay.Folder}/b\nget {relay.Folder}/b {relay.Folder}/c\nquit\n");

        var run = await ProgramRun.RunAsync(StockProgram.Find("psftp", "putty-tools"), [.. Arguments(relay, key), "-b", batch, "dev@127.0.0.1"], timeout: TimeSpan.FromSeconds(90));

        Assert.True(run.ExitCode == 0, run.ToString());
        Assert.Equal(data, await File.ReadAllBytesAsync(Path.Combine(relay.Folder, "c")));
    }

    [Fact]
    public async Task Plink_Forwards_CarryBothWays()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var target = new EchoListener();
        var key = await ConvertAsync(Path.Combine(relay.Folder, "id"));
        var (local, remote) = (StockSshd.FreePort(), StockSshd.FreePort());
        string[] forwards = ["-N", "-L", $"{local}:127.0.0.1:{target.Port}", "-R", $"127.0.0.1:{remote}:127.0.0.1:{target.Port}"];
        using var plink = Process.Start(new ProcessStartInfo(StockProgram.Find("plink", "putty-tools"), [.. Arguments(relay, key), .. forwards, "dev@127.0.0.1"])
        {
            RedirectStandardInput = true,
        })!;
        try
        {
            Assert.Equal("over L", await Tcp.ExchangeAsync(local, "over L"));
            Assert.Equal("over R", await Tcp.ExchangeAsync(remote, "over R"));
        }
        finally
        {
            plink.Kill();
        }
    }

    private static async Task<string> ConvertAsync(string openSsh)
    {
        var converted = await ProgramRun.RunAsync(StockProgram.Find("puttygen", "putty-tools"), [openSsh, "-O", "private", "-o", openSsh + ".ppk"]);
        Assert.True(converted.ExitCode == 0, converted.Error);
        return openSsh + ".ppk";
    }

    private static string[] Arguments(LoopbackRelay relay, string key) =>
        ["-batch", "-P", $"{relay.Port}", "-i", key, "-hostkey", relay.HostKeyFingerprint];

    private static Task<ProgramRun> PlinkAsync(LoopbackRelay relay, string key, string[] options, string command, byte[]? input = null) => ProgramRun.RunAsync(
        StockProgram.Find("plink", "putty-tools"), [.. Arguments(relay, key), .. options, "dev@127.0.0.1", command], input, TimeSpan.FromSeconds(120));
}

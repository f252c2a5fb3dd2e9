using System.Diagnostics;
using Workspaces.Proxy.Tests.Relaying;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Clients;

/// <summary>Dropbear's dbclient through the relay.</summary>
public sealed class DropbearTests
{
    [Theory]
    [InlineData("ed25519", "")]
    [InlineData("ecdsa", "256")]
    [InlineData("rsa", "2048")]
    public async Task Dbclient_ByEachTypeOfKey_RunsACommandAndKeepsItsExitCode(string type, string bits)
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var key = await ConvertAsync(await relay.AddKeyAsync(type, bits.Length > 0 ? ["-b", bits, "-m", "PEM"] : []));

        var run = await DbclientAsync(relay, key, [], "echo out; exit 42");

        Assert.True((run.Output, run.ExitCode) == ("out\n", 42), run.ToString());
    }

    [Fact]
    public async Task Dbclient_WithATerminal_HasOne()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var key = await ConvertAsync(Path.Combine(relay.Folder, "id"));

        // It takes the terminal's settings from its own, so it gets one.
        var line = $"{StockProgram.Find("dbclient", "dropbear-bin")} -y -y -i {key} -p {relay.Port} -t dev@127.0.0.1 'tty; exit 3'";
        var run = await ProgramRun.RunAsync(StockProgram.Find("script", "bsdutils"), ["-qec", line, "/dev/null"]);

        Assert.Contains("/dev/pts/", run.Output, StringComparison.Ordinal);
        Assert.Equal(3, run.ExitCode);
    }

    [Fact]
    public async Task Dbclient_WithTwentyMegabytesBothWays_KeepsEveryByte()
    {
        await using var relay = await LoopbackRelay.StartAsync("RekeyLimit 1M");
        relay.RekeyLimits = new() { Bytes = 1_200_000 };
        var key = await ConvertAsync(Path.Combine(relay.Folder, "id"));
        var data = Payload.Of(20_000_000);

        var run = await DbclientAsync(relay, key, [], "cat", data);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(Payload.Hash(data), Payload.Hash(run.OutputBytes));
        Assert.True(Assert.Single(relay.Legs).Client.KeyExchanges > 10);
    }

    [Fact]
    public async Task Dbclient_Forwards_CarryBothWays()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var target = new EchoListener();
        var key = await ConvertAsync(Path.Combine(relay.Folder, "id"));
        var (local, remote) = (StockSshd.FreePort(), StockSshd.FreePort());
        string[] forwards = ["-N", "-L", $"{local}:127.0.0.1:{target.Port}", "-R", $"127.0.0.1:{remote}:127.0.0.1:{target.Port}"];
        string[] arguments = ["-y", "-y", "-i", key, "-p", $"{relay.Port}", .. forwards, "dev@127.0.0.1"];
        using var dbclient = Process.Start(new ProcessStartInfo(StockProgram.Find("dbclient", "dropbear-bin"), arguments)
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
            dbclient.Kill();
        }
    }

    private static async Task<string> ConvertAsync(string openSsh)
    {
        var key = openSsh + ".dropbear";
        var converted = await ProgramRun.RunAsync(StockProgram.Find("dropbearconvert", "dropbear-bin"), ["openssh", "dropbear", openSsh, key]);
        Assert.True(converted.ExitCode == 0, converted.Error);
        return key;
    }

    private static Task<ProgramRun> DbclientAsync(LoopbackRelay relay, string key, string[] options, string command, byte[]? input = null) => ProgramRun.RunAsync(
        StockProgram.Find("dbclient", "dropbear-bin"), ["-y", "-y", "-i", key, "-p", $"{relay.Port}", .. options, "dev@127.0.0.1", command], input, TimeSpan.FromSeconds(120));
}

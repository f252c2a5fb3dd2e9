using System.Security.Cryptography;
using Workspaces.Contracts;
using Workspaces.Ssh.Transport;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Relaying;

/// <summary>Stock OpenSSH clients through the relay to a stock sshd.</summary>
public sealed class StockClientRelayTests
{
    [Fact]
    public async Task Exec_OfACommand_HasItsOutputErrorsAndExitCode()
    {
        await using var relay = await LoopbackRelay.StartAsync();

        var run = await relay.SshAsync("relay", "echo out; echo err >&2; exit 42");

        Assert.Equal(("out\n", "err\n", 42), (run.Output, run.Error, run.ExitCode));
        Assert.Equal((ChannelKind.Exec, "echo out; echo err >&2; exit 42"), Assert.Single(relay.Observed));
        Assert.Empty(relay.Failures);
    }

    [Fact]
    public async Task Exec_KilledBySignal_IsSeenAsSuch()
    {
        await using var relay = await LoopbackRelay.StartAsync();

        var run = await relay.SshAsync("relay", "kill -TERM $$");

        Assert.Equal(255, run.ExitCode);
    }

    [Fact]
    public async Task Shell_WithTerminal_HasTheTerminalsSizeAndEchoes()
    {
        await using var relay = await LoopbackRelay.StartAsync();

        var run = await relay.RunAsync("ssh", "openssh-client", ["-tt", "relay"], "stty size; tty; exit 5\n"u8.ToArray());

        Assert.Contains("/dev/pts/", run.Output, StringComparison.Ordinal);
        Assert.Equal(5, run.ExitCode);
        Assert.Contains((ChannelKind.Shell, null), relay.Observed);
    }

    [Fact]
    public async Task EndlessOutput_WhoseReaderLeaves_Ends()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var configuration = await relay.WriteClientConfigurationAsync();
        var ssh = StockProgram.Find("ssh", "openssh-client");

        var run = await ProgramRun.RunAsync("/bin/sh", ["-c", $"{ssh} -F {configuration} relay yes | head -1"], timeout: TimeSpan.FromSeconds(20));

        Assert.Equal("y\n", run.Output);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task HundredMegabytes_BothWaysAtOnce_ArriveUnchanged(bool rekeyOften)
    {
        await using var relay = await LoopbackRelay.StartAsync(rekeyOften ? ["RekeyLimit 1M"] : []);
        relay.RekeyLimits = rekeyOften ? new RekeyLimits { Bytes = 1_500_000 } : new RekeyLimits();
        var data = RandomNumberGenerator.GetBytes(100_000_000);

        var run = await relay.RunAsync(
            "ssh", "openssh-client", [.. rekeyOften ? new[] { "-o", "RekeyLimit=1M" } : [], "relay", "cat"], data, TimeSpan.FromMinutes(3));

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(SHA256.HashData(data), SHA256.HashData(run.OutputBytes));
        var (client, instance) = Assert.Single(relay.Legs);
        Assert.True(!rekeyOften || (client.KeyExchanges > 50 && instance.KeyExchanges > 50), $"{client.KeyExchanges} and {instance.KeyExchanges}");
    }

    [Fact]
    public async Task Scp_BothWays_KeepsTheBytes()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var data = RandomNumberGenerator.GetBytes(3_000_000);
        var (local, remote, back) = (Path.Combine(relay.Folder, "local"), Path.Combine(relay.Folder, "remote"), Path.Combine(relay.Folder, "back"));
        await File.WriteAllBytesAsync(local, data);

        var up = await relay.RunAsync("scp", "openssh-client", [local, $"relay:{remote}"]);
        var down = await relay.RunAsync("scp", "openssh-client", ["-O", $"relay:{remote}", back]);

        Assert.True(up.ExitCode == 0 && down.ExitCode == 0, up.Error + down.Error);
        Assert.Equal(data, await File.ReadAllBytesAsync(back));
        Assert.Contains((ChannelKind.Sftp, null), relay.Observed);
    }

    [Fact]
    public async Task Sftp_Batch_PutsAndGets()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var data = RandomNumberGenerator.GetBytes(1_000_000);
        await File.WriteAllBytesAsync(Path.Combine(relay.Folder, "a"), data);
        var batch = Path.Combine(relay.Folder, "batch");
        await File.WriteAllTextAsync(batch, $"put {relay.Folder}/a {relay.Folder}/b\nget {relay.Folder}/b {relay.Folder}/c\n");

        var run = await relay.RunAsync("sftp", "openssh-client", ["-b", batch, "relay"]);

        Assert.True(run.ExitCode == 0, run.Error);
        Assert.Equal(data, await File.ReadAllBytesAsync(Path.Combine(relay.Folder, "c")));
    }

    [Fact]
    public async Task InstanceGoesAway_InMidSession_ThePersonReadsWhy()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        relay.Options = relay.Options with { InstanceLost = () => "The replica went away." };

        // The session kills the sshd process that serves it: its grandparent is the listener, its parent the connection.
        var run = await relay.SshAsync("relay", "kill -KILL $PPID; sleep 30");

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("The replica went away.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_InMidSession_TellsThePersonWhy()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var running = relay.SshAsync("relay", "echo started; sleep 60");
        while (!relay.Observed.Any(seen => seen.Kind == ChannelKind.Exec))
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }

        relay.Running.Single().Stop("Your key was removed.");
        var run = await running;

        Assert.Equal(255, run.ExitCode);
        Assert.Contains("Your key was removed.", run.Error, StringComparison.Ordinal);
    }
}

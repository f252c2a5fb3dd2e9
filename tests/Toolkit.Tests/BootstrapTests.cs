using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Workspaces.Toolkit.Tests.Running;
using Xunit;

namespace Workspaces.Toolkit.Tests;

/// <summary>The first process of the container: waits, retries, restarts, reaps, and ends only when asked.</summary>
public sealed class BootstrapTests(ToolkitBuild toolkit)
{
    [Fact]
    public async Task Start_WithoutHostKey_WaitsUntilItAppears()
    {
        await using var container = await WorkspaceContainer.CreateAsync(toolkit);
        container.Start();
        await container.WaitUntilAsync("it waits", () => container.Log.Contains("waiting for the host key", StringComparison.Ordinal));

        await container.WriteHostKeyAsync();

        await container.WaitUntilAsync("a login works", async () => (await container.SshAsync("true")).ExitCode == 0);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Start_WithThePortTaken_RetriesUntilItIsFree(int uid)
    {
        await using var container = await WorkspaceContainer.CreateAsync(toolkit, uid: uid);
        await container.WriteHostKeyAsync();
        using (var occupant = new TcpListener(IPAddress.IPv6Any, container.Port))
        {
            occupant.Server.DualMode = true;
            occupant.Start();
            container.Start();
            await container.WaitUntilAsync("it failed twice", () => container.Log.Split("next attempt").Length > 2);
            Assert.False(container.Process.HasExited);
        }

        await container.WaitUntilAsync("a login works", async () => (await container.SshAsync("true")).ExitCode == 0);
    }

    [Fact]
    public async Task Sshd_WhenKilled_IsStartedAgain()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: 1000);

        // Not pkill: the session itself is an sshd, too.
        await container.SshAsync("for p in /proc/[0-9]*; do if grep -q '^sshd.*listener' $p/cmdline; then kill -9 ${p#/proc/}; fi; done");

        await container.WaitUntilAsync("sshd ended", () => container.Log.Contains("sshd ended with exit code 137", StringComparison.Ordinal));
        await container.WaitUntilAsync("a login works", async () => (await container.SshAsync("true")).ExitCode == 0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Sigterm_EndsItAtOnce(bool withKey)
    {
        await using var container = await WorkspaceContainer.CreateAsync(toolkit);
        if (withKey)
        {
            await container.WriteHostKeyAsync();
        }

        container.Start();
        await container.WaitUntilAsync("it runs", () => container.Log.Contains(withKey ? "Server listening" : "waiting for the host key", StringComparison.Ordinal));
        var clock = Stopwatch.StartNew();

        (await StockProgram.RunAsync("kill", ["-TERM", container.FirstProcesses().Single()])).MustSucceed();
        await container.Process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 2);
        Assert.Equal(0, container.Process.ExitCode);
    }

    [Fact]
    public async Task OtherSignals_DoNotEndIt()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit);

        foreach (var signal in new[] { "HUP", "INT", "QUIT", "USR1", "USR2", "PIPE" })
        {
            (await StockProgram.RunAsync("kill", [$"-{signal}", container.FirstProcesses().Single()])).MustSucceed();
        }

        Assert.Equal("alive\n", (await container.SshAsync("echo alive")).MustSucceed().Output);
        Assert.False(container.Process.HasExited);
    }

    [Fact]
    public async Task Orphans_AreReaped()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit);

        // The inner shell ends before its child, which so falls to process 1.
        (await container.SshAsync("sh -c 'sh -c \"exit 3\" & sleep 0.2 & exit 0'")).MustSucceed();

        await container.WaitUntilAsync("no zombie is left", async () => (await container.SshAsync("grep -l 'State:.Z' /proc/[0-9]*/status")).Output == "");
    }
}

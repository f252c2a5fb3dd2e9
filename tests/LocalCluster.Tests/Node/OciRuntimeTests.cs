using System.Net.NetworkInformation;
using Workspaces.LocalCluster.Node.Processes;
using Workspaces.LocalCluster.Node.Runtime;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Node;

public sealed class OciRuntimeTests(RuntimeFixture node) : OwnTests("the OCI runtime"), IClassFixture<RuntimeFixture>
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Run_Program_GivesItsOutputAndExitCode()
    {
        var result = await node.RunAsync(await node.PrepareShellAsync("echo out; echo err >&2; exit 7"));

        Assert.Equal((7, "out\n", "err\n"), result);
    }

    [Fact]
    public async Task Run_ProgramThatDoesNotExist_SaysSo()
    {
        var spec = await node.PrepareShellAsync("true") with { Arguments = ["/no/such/program"] };

        var error = await Assert.ThrowsAsync<ContainerStartException>(() => node.Runtime.RunAsync(spec, null, Ct));

        Assert.Contains("/no/such/program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_TwoContainersOfAPod_ShareLocalhostAndHostNameButNotFiles()
    {
        var sandbox = await node.StartSandboxAsync("shared");
        var server = await node.PrepareShellAsync("echo mine > /etc/only-here; echo answer | busybox nc -l -p 7000", sandbox);
        var client = await node.PrepareShellAsync(
            "until busybox nc 127.0.0.1 7000 </dev/null; do busybox usleep 20000; done; hostname; test -e /etc/only-here || echo separate", sandbox);
        using var running = await node.Runtime.RunAsync(server, null, Ct);

        var result = await node.RunAsync(client);

        Assert.Equal("answer\nshared\nseparate\n", result.Output);
        await node.Runtime.DeleteAsync(server, Ct);
        await node.Runtime.DeleteAsync(sandbox.Spec, Ct);
    }

    [Fact]
    public async Task Attach_Sandbox_IsReachableFromThisMachine()
    {
        var sandbox = await node.StartSandboxAsync("reachable");
        using var ping = new Ping();

        var reply = await ping.SendPingAsync(sandbox.Address, TimeSpan.FromSeconds(5), cancellationToken: Ct);

        Assert.Equal(IPStatus.Success, reply.Status);
        await node.Runtime.DeleteAsync(sandbox.Spec, Ct);
    }

    [Fact]
    public async Task Run_HostImage_HidesThisMachinesData()
    {
        var result = await node.RunAsync(await node.PrepareShellAsync("ls -A /root /home /tmp /run; ls -ld /tmp | cut -c1-10; ls /usr/bin/env"));

        Assert.Equal("/home:\n\n/root:\n\n/run:\nlock\n\n/tmp:\ndrwxrwxrwt\n/usr/bin/env\n", result.Output);
    }

    [Fact]
    public async Task Run_Writes_StayInTheContainersLayer()
    {
        await node.RunAsync(await node.PrepareShellAsync("echo changed > /etc/localcluster-test; rm -f /usr/bin/env"));

        Assert.False(File.Exists("/etc/localcluster-test"));
        Assert.True(File.Exists("/usr/bin/env"));
    }

    [Fact]
    public async Task Run_PlainUser_HasNoCapabilities()
    {
        var spec = await node.PrepareShellAsync("id; grep CapEff /proc/self/status") with { User = new ContainerUser(1234, 2345, [2345, 77]) };

        var result = await node.RunAsync(spec);

        Assert.Equal("uid=1234 gid=2345 groups=2345,77\nCapEff:\t0000000000000000\n", result.Output);
    }

    [Fact]
    public async Task Run_Capabilities_AreTheDefaultSetWithAddAndDrop()
    {
        var spec = await node.PrepareShellAsync("grep CapEff /proc/self/status; chown 5 /etc/hostname || echo refused") with
        {
            Capabilities = DefaultCapabilities.Apply(["SYS_PTRACE"], ["CHOWN"]),
        };

        var result = await node.RunAsync(spec);

        Assert.Equal("CapEff:\t00000000a80c25fa\nrefused\n", result.Output);
    }

    [Fact]
    public async Task Run_DefaultSeccomp_RefusesMountAndNewNamespacesButNotThreads()
    {
        var spec = await node.PrepareShellAsync("mount -t tmpfs none /mnt 2>/dev/null || echo no-mount; unshare -U true 2>/dev/null || echo no-userns; (true) && echo fork") with
        {
            DefaultSeccomp = true,
            User = new ContainerUser(1000, 1000, []),
        };

        var result = await node.RunAsync(spec);

        Assert.Equal("no-mount\nno-userns\nfork\n", result.Output);
        var open = await node.RunAsync(await node.PrepareShellAsync("unshare -U true && echo userns") with { User = new ContainerUser(1000, 1000, []) });
        Assert.Equal("userns\n", open.Output);
    }

    [Fact]
    public async Task Run_ReadOnlyRoot_RefusesWrites()
    {
        var result = await node.RunAsync(await node.PrepareShellAsync("touch /etc/x || echo refused") with { ReadOnlyRoot = true });

        Assert.Equal("refused\n", result.Output);
    }

    [Fact]
    public async Task Run_MemoryLimit_KillsTheProgramThatExceedsIt()
    {
        var spec = await node.PrepareShellAsync("head -c 200M /dev/zero | tail > /dev/null") with
        {
            Resources = new ContainerResources { MemoryBytes = 32 << 20 },
            Arguments = ["tail", "/dev/zero"],
        };

        var result = await node.RunAsync(spec);

        Assert.Equal(137, result.ExitCode);
    }

    [Fact]
    public async Task Delete_ContainerInASharedProcessNamespace_EndsItsBackgroundProcesses()
    {
        var sandbox = await node.StartSandboxAsync("sharedpid");
        var spec = await node.PrepareShellAsync("setsid sleep 4242 </dev/null >/dev/null 2>&1 & exit 0") with
        {
            Namespaces = sandbox.NamespacesFor(false, false, false, sandbox.NodeProcessId),
        };

        await node.RunAsync(spec);
        var inspector = await node.PrepareShellAsync("ps ax -o args") with { Namespaces = spec.Namespaces };
        var processes = (await node.RunAsync(inspector)).Output;

        Assert.Contains("/pause", processes, StringComparison.Ordinal);
        Assert.DoesNotContain("sleep 4242", processes, StringComparison.Ordinal);
        await node.Runtime.DeleteAsync(sandbox.Spec, Ct);
    }

    [Fact]
    public async Task Mounts_OfContainers_AreNotVisibleToThisMachine()
    {
        await node.PrepareShellAsync("true");

        var mounts = await Command.RunAsync(["cat", "/proc/self/mounts"], ct: Ct);

        Assert.DoesNotContain(node.Folders.State, mounts, StringComparison.Ordinal);
    }
}

using System.Security.Cryptography;
using System.Text;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Pods;
using Xunit;
using static Workspaces.LocalCluster.Tests.Node.NodeFixture;

namespace Workspaces.LocalCluster.Tests.Node;

public sealed class PodStreamsTests(NodeFixture cluster) : OwnTests("the node's streams without the API in between")
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Exec_Command_HasSeparateStreamsAndExitCode()
    {
        var ns = await SleeperAsync();

        var result = await cluster.ExecAsync(ns, "sleeper", "main", "sh", "-c", "echo out; echo err >&2; exit 5");

        Assert.Equal((5, "out\n", "err\n"), result);
    }

    [Fact]
    public async Task Exec_ManyBytesBothWays_LosesNone()
    {
        var ns = await SleeperAsync();
        var data = RandomNumberGenerator.GetBytes(8 * 1024 * 1024);
        await using var process = await cluster.Streams.ExecAsync(ns, "sleeper", "main", new ExecRequest(["cat"], true, true, true, false), Ct);

        var writing = Task.Run(async () =>
        {
            await process.StandardInput.WriteAsync(data, Ct);
            await process.StandardInput.DisposeAsync();
        }, Ct);
        using var received = new MemoryStream();
        await process.StandardOutput.CopyToAsync(received, Ct);
        await writing;

        Assert.Equal(0, await process.ExitCode);
        Assert.Equal(SHA256.HashData(data), SHA256.HashData(received.ToArray()));
    }

    [Fact]
    public async Task Exec_Terminal_ResizesAndEndsWithTheExitCode()
    {
        var ns = await SleeperAsync();
        await using var process = await cluster.Streams.ExecAsync(ns, "sleeper", "main", new ExecRequest(["sh"], true, true, true, true), Ct);
        var reader = new StreamReader(process.StandardOutput);

        await process.ResizeAsync(132, 43, Ct);
        await process.StandardInput.WriteAsync("tty; stty size; exit 6\n"u8.ToArray(), Ct);
        var output = await reader.ReadToEndAsync(Ct);

        Assert.Contains("/dev/pts/", output, StringComparison.Ordinal);
        Assert.Contains("43 132", output, StringComparison.Ordinal);
        Assert.Equal(6, await process.ExitCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Exec_UnknownCommand_SaysSo(bool terminal)
    {
        var ns = await SleeperAsync();
        await using var process = await cluster.Streams.ExecAsync(ns, "sleeper", "main", new ExecRequest(["/no/such"], false, true, true, terminal), Ct);

        var error = await Assert.ThrowsAsync<ApiStatusException>(() => process.ExitCode);

        Assert.Contains("/no/such", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_ClientLeaves_CommandEnds()
    {
        var ns = await SleeperAsync();
        var process = await cluster.Streams.ExecAsync(ns, "sleeper", "main", new ExecRequest(["sleep", "7373"], false, true, true, false), Ct);
        await EventuallyAsync(async () => (await ProcessesAsync(ns)).Contains("sleep 7373", StringComparison.Ordinal));

        await process.DisposeAsync();

        await EventuallyAsync(async () => !(await ProcessesAsync(ns)).Contains("sleep 7373", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Exec_ContainerThatDoesNotRun_IsRefused()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("ended", "true");
        pod.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(ns, pod);
        await cluster.PodAsync(ns, "ended", found => found.Status?.Phase == "Succeeded");

        var error = await Assert.ThrowsAsync<ApiStatusException>(() => cluster.Streams.ExecAsync(ns, "ended", "main", new ExecRequest(["true"], false, true, true, false), Ct));

        Assert.Contains("container not found (\"main\")", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Logs_Follow_GivesWhatComesUntilTheEnd()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("talks", "echo first; while ! test -e /tmp/go; do sleep 0.02; done; printf 'last without newline'");
        pod.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "talks");
        await using var followed = new MemoryStream();
        var following = cluster.Streams.CopyLogsAsync(ns, "talks", "main", new LogRequest { Follow = true }, followed, Ct);
        await EventuallyAsync(() => Task.FromResult(followed.Length > 0));

        await cluster.ExecAsync(ns, "talks", "main", "touch", "/tmp/go");
        await following;

        Assert.Equal("first\nlast without newline", Encoding.UTF8.GetString(followed.ToArray()));
    }

    [Fact]
    public async Task Logs_TailLimitAndTimestamps_AreHeeded()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("lines", "for i in 1 2 3 4 5; do echo line$i; done");
        pod.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(ns, pod);
        await cluster.PodAsync(ns, "lines", found => found.Status?.Phase == "Succeeded");

        Assert.Equal("line4\nline5\n", await LogAsync(new LogRequest { TailLines = 2 }));
        Assert.Equal("", await LogAsync(new LogRequest { TailLines = 0 }));
        Assert.Equal("line1\nli", await LogAsync(new LogRequest { LimitBytes = 8 }));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z line5\n$", await LogAsync(new LogRequest { TailLines = 1, Timestamps = true }));

        async Task<string> LogAsync(LogRequest request)
        {
            await using var log = new MemoryStream();
            await cluster.Streams.CopyLogsAsync(ns, "lines", "main", request, log, Ct);
            return Encoding.UTF8.GetString(log.ToArray());
        }
    }

    [Fact]
    public async Task Logs_Previous_GivesTheRunBefore()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("again", "if test -e /state/second; then echo second; exec sleep 1000; fi; touch /state/second; echo first; exit 1");
        pod.Spec.Volumes = [new V1Volume { Name = "state", EmptyDir = new V1EmptyDirVolumeSource() }];
        pod.Spec.Containers[0].VolumeMounts = [new V1VolumeMount { Name = "state", MountPath = "/state" }];
        await cluster.CreateAsync(ns, pod);
        await cluster.PodAsync(ns, "again", found => found.Status?.ContainerStatuses?[0] is { RestartCount: 1, Ready: true });

        await using var log = new MemoryStream();
        await cluster.Streams.CopyLogsAsync(ns, "again", "main", new LogRequest { Previous = true }, log, Ct);

        Assert.Equal("first\n", Encoding.UTF8.GetString(log.ToArray()));
        Assert.Equal("second\n", await cluster.LogAsync(ns, "again", until: "second"));
    }

    [Fact]
    public async Task Connect_ListenerOnLocalhost_IsReached()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("local", "mkdir /srv/w; echo hi > /srv/w/f; exec busybox httpd -f -p 127.0.0.1:81 -h /srv/w"));
        await cluster.ReadyPodAsync(ns, "local");

        var answer = "";
        await EventuallyAsync(async () =>
        {
            try
            {
                await using var stream = await cluster.Streams.ConnectAsync(ns, "local", 81, Ct);
                await stream.WriteAsync("GET /f HTTP/1.0\r\n\r\n"u8.ToArray(), Ct);
                answer = await new StreamReader(stream).ReadToEndAsync(Ct);
                return true;
            }
            catch (ApiStatusException)
            {
                return false; // it does not listen yet
            }
        });

        Assert.EndsWith("hi\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Attach_ContainerWithTerminal_TalksToItsProgram()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = ShellPod("shell", "exec sh");
        (pod.Spec.Containers[0].Stdin, pod.Spec.Containers[0].Tty) = (true, true);
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "shell");
        await using var attached = await cluster.Streams.AttachAsync(ns, "shell", "main", new ExecRequest([], true, true, true, true), Ct);

        await attached.StandardInput.WriteAsync("echo $((40+2)); exit 3\n"u8.ToArray(), Ct);
        var output = await new StreamReader(attached.StandardOutput).ReadToEndAsync(Ct);

        Assert.Contains("42", output, StringComparison.Ordinal);
        Assert.Equal(3, await attached.ExitCode);
    }

    private async Task<string> SleeperAsync()
    {
        var ns = await cluster.NewNamespaceAsync();
        await cluster.CreateAsync(ns, ShellPod("sleeper", "exec sleep 1000"));
        await cluster.ReadyPodAsync(ns, "sleeper");
        return ns;
    }

    private async Task<string> ProcessesAsync(string ns) => (await cluster.ExecAsync(ns, "sleeper", "main", "ps", "ax", "-o", "args")).Output;
}

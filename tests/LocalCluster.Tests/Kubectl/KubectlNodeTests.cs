using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using k8s.Models;
using Workspaces.LocalCluster.Tests.Node;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Kubectl;

/// <summary>kubectl commands that reach into running containers.</summary>
[Trait("needs", "containers")]
public sealed class KubectlNodeTests(NodeFixture cluster) : IDisposable
{
    private const int ManyBytes = 100_000_000;

    private readonly KubectlCommand _kubectl = new(cluster.Host.KubeconfigFile);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _kubectl.Dispose();

    [Fact]
    public async Task Exec_OutputsAndExitCode_AreTheCommands()
    {
        var ns = await PodAsync();

        var seven = await _kubectl.RunAsync(ns, "exec p -- sh -c 'echo $WHO; echo err >&2; exit 7'");
        Assert.Equal((7, "second\n", "err\ncommand terminated with exit code 7\n"), (seven.ExitCode, seven.Output, seven.Errors));
        Assert.Equal("first\n", (await _kubectl.RunAsync(ns, "exec p -c first -- sh -c 'echo $WHO'")).Ok());
        Assert.Equal("hello", (await _kubectl.RunAsync(ns, "exec -i p -- cat", "hello")).Ok());
        Assert.Equal("he", (await _kubectl.RunAsync(ns, "exec -i p -- head -c 2", "hello")).Ok());
    }

    [Fact]
    public async Task Exec_WhatCannotRun_IsToldInTheNodesWords()
    {
        var ns = await PodAsync();

        Assert.Matches(
            "^error: Internal error occurred: error executing command in container: failed to exec in container: failed to start exec \"[0-9a-f]{64}\": "
            + "OCI runtime exec failed: exec failed: unable to start container process: exec: \"nosuch\": executable file not found in \\$PATH: unknown\n$",
            (await _kubectl.RunAsync(ns, "exec p -- nosuch")).Failed());
        Assert.Contains("exec: \"/no/such\": stat /no/such: no such file or directory", (await _kubectl.RunAsync(ns, "exec p -- /no/such")).Failed(), StringComparison.Ordinal);
        Assert.Contains("container nope is not valid for pod p", (await _kubectl.RunAsync(ns, "exec p -c nope -- true")).Failed(), StringComparison.Ordinal);
        Assert.Equal("Error from server (NotFound): pods \"nope\" not found\n", (await _kubectl.RunAsync(ns, "exec nope -- true")).Failed());
    }

    [Fact]
    public async Task Exec_SixtySessionsAtOnce_EachGetTheirOwn()
    {
        var ns = await PodAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 60).Select(i => _kubectl.RunAsync(ns, $"exec -i p -- sh -c 'cat; exit {i}'", $"input {i}")));

        Assert.All(results.Select((result, i) => (result, i)), r => Assert.Equal((r.i, $"input {r.i}"), (r.result.ExitCode, r.result.Output)));
    }

    [Fact]
    public async Task Exec_InATerminal_IsOne()
    {
        var ns = await PodAsync();
        var session = $"kubectl-{ns}";
        await TmuxAsync("new-session", "-d", "-s", session, "-x", "91", "-y", "33", $"kubectl --kubeconfig {cluster.Host.KubeconfigFile} -n {ns} exec -it p -- sh; sleep 1000");
        try
        {
            await TmuxAsync("send-keys", "-t", session, "tty; stty size; echo $((40+2))", "Enter");

            var screen = "";
            await NodeFixture.EventuallyAsync(async () => (screen = await TmuxAsync("capture-pane", "-p", "-t", session)).Contains("\n42\n", StringComparison.Ordinal));
            Assert.Contains("/dev/pts/", screen, StringComparison.Ordinal);
            Assert.Matches(@"(?m)^3[23] 91$", screen);
            await TmuxAsync("send-keys", "-t", session, "exit 9", "Enter");
            await NodeFixture.EventuallyAsync(async () =>
                (await TmuxAsync("capture-pane", "-p", "-t", session)).Contains("command terminated with exit code 9", StringComparison.Ordinal));
        }
        finally
        {
            await TmuxAsync("kill-session", "-t", session);
        }
    }

    [Fact]
    public async Task Cp_ManyBytesBothWays_AreTheSame()
    {
        var ns = await PodAsync();
        var data = RandomNumberGenerator.GetBytes(ManyBytes);
        await System.IO.File.WriteAllBytesAsync(Path.Combine(_kubectl.Folder, "big"), data, Ct);
        var hash = Convert.ToHexStringLower(SHA256.HashData(data));

        (await _kubectl.RunAsync(ns, "cp big p:/tmp/big")).Ok();
        Assert.StartsWith(hash, (await _kubectl.RunAsync(ns, "exec p -- sha256sum /tmp/big")).Ok(), StringComparison.Ordinal);
        (await _kubectl.RunAsync(ns, "cp p:/tmp/big back")).Ok();

        await using var back = System.IO.File.OpenRead(Path.Combine(_kubectl.Folder, "back"));
        Assert.Equal(hash, Convert.ToHexStringLower(await SHA256.HashDataAsync(back, Ct)));
    }

    [Fact]
    public async Task Logs_OfEveryForm_GiveTheirLines()
    {
        var ns = await PodAsync();

        // A container is ready before its program has said anything.
        await NodeFixture.EventuallyAsync(async () => (await _kubectl.RunAsync(ns, "logs p")).Ok() == "uno\n");
        await NodeFixture.EventuallyAsync(async () => (await _kubectl.RunAsync(ns, "logs p -c first")).Ok().Contains("one\n", StringComparison.Ordinal));
        await NodeFixture.EventuallyAsync(async () => (await _kubectl.RunAsync(ns, "logs p -c first")).Ok().Contains("err\n", StringComparison.Ordinal));
        Assert.Equal("[pod/p/first] one\n", Line(await _kubectl.RunAsync(ns, "logs p --all-containers --prefix"), "[pod/p/first] one"));
        Assert.Contains("[pod/p/second] uno\n", (await _kubectl.RunAsync(ns, "logs -l l=x --all-containers --prefix --tail=1")).Ok(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z uno\n$", (await _kubectl.RunAsync(ns, "logs p --timestamps --tail=1")).Ok());
        Assert.Equal("un", (await _kubectl.RunAsync(ns, "logs p --limit-bytes=2")).Ok());
        Assert.Equal("uno\n", (await _kubectl.RunAsync(ns, "logs p --since=1h")).Ok());
        Assert.Equal("err\n", (await _kubectl.RunAsync(ns, $"get --raw /api/v1/namespaces/{ns}/pods/p/log?container=first&stream=Stderr")).Ok());
        Assert.Equal(
            "Error from server (BadRequest): previous terminated container \"second\" in pod \"p\" not found\n", (await _kubectl.RunAsync(ns, "logs p --previous")).Failed());
        Assert.Equal(
            "Error from server (BadRequest): a container name must be specified for pod p, choose one of: [first second]\n",
            (await _kubectl.RunAsync(ns, $"get --raw /api/v1/namespaces/{ns}/pods/p/log")).Failed());

        static string Line(KubectlResult result, string start) => result.Ok().Split('\n').First(l => l.StartsWith(start, StringComparison.Ordinal)) + "\n";
    }

    [Fact]
    public async Task LogsFollow_GoesOnUntilTheContainerEnds()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = NodeFixture.ShellPod("f", "echo begin; while ! test -e /tmp/go; do sleep 0.05; done; echo end");
        pod.Spec.RestartPolicy = "Never";
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "f");
        using var follow = _kubectl.Start(ns, ["logs", "-f", "f"]);
        Assert.Equal("begin", await follow.StandardOutput.ReadLineAsync(Ct));

        (await _kubectl.RunAsync(ns, "exec f -- touch /tmp/go")).Ok();

        Assert.Equal("end", await follow.StandardOutput.ReadLineAsync(Ct));
        await follow.WaitForExitAsync(Ct);
        Assert.Equal(0, follow.ExitCode);
    }

    [Fact]
    public async Task Run_WithInput_EndsWithItsExitCode()
    {
        var ns = await cluster.NewNamespaceAsync();

        var result = await _kubectl.RunAsync(ns, $"run once --image={NodeFixture.Image} -i --rm --restart=Never --quiet --command -- sh -c 'cat; exit 5'", "typed");

        Assert.Equal(5, result.ExitCode);
        Assert.Contains("typed", result.Output, StringComparison.Ordinal);
        await cluster.GoneAsync(ns, "once");
    }

    [Fact]
    public async Task Debug_WithTarget_SeesItsProcesses()
    {
        var ns = await PodAsync();

        (await _kubectl.RunAsync(ns, $"debug p --image={NodeFixture.Image} --target=first -c dbg --profile=general --quiet -- sleep 1000")).Ok();
        await cluster.PodAsync(ns, "p", p => p.Status.EphemeralContainerStatuses?.Any(s => s.Name == "dbg" && s.State.Running is not null) == true);

        Assert.Contains("one; sleep 1001", (await _kubectl.RunAsync(ns, "exec p -c dbg -- cat /proc/1/cmdline")).Ok().Replace('\0', ' '), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Debug_Copy_MakesAnotherPod()
    {
        var ns = await PodAsync();

        (await _kubectl.RunAsync(ns, $"debug p --image={NodeFixture.Image} --copy-to=copy -c dbg --share-processes --profile=general --quiet -- sleep 1000")).Ok();
        var copy = await cluster.ReadyPodAsync(ns, "copy");

        Assert.Equal(["first", "second", "dbg"], copy.Spec.Containers.Select(c => c.Name));
        Assert.True(copy.Spec.ShareProcessNamespace);
    }

    [Fact]
    public async Task PortForward_ManyBytesAndManyConnections_LoseNone()
    {
        var ns = await ServerAsync();
        await using var forward = await ForwardAsync(ns, "8080");
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{forward.Ports[0]}") };
        var sum = (await http.GetStringAsync("/sum", Ct))[..64];

        var answers = await Task.WhenAll(Enumerable.Range(0, 30).Select(_ => http.GetStringAsync("/sum", Ct)));
        await using var big = await http.GetStreamAsync("/big", Ct);

        Assert.Equal(sum, Convert.ToHexStringLower(await SHA256.HashDataAsync(big, Ct)));
        Assert.All(answers, a => Assert.StartsWith(sum, a, StringComparison.Ordinal));
    }

    [Fact]
    public async Task PortForward_Upload_ArrivesWholeAndHalfClosed()
    {
        var ns = await ServerAsync();
        await using var forward = await ForwardAsync(ns, "9000");
        var data = RandomNumberGenerator.GetBytes(ManyBytes);
        using var client = new TcpClient("127.0.0.1", forward.Ports[0]);
        var stream = client.GetStream();

        await stream.WriteAsync(data, Ct);
        client.Client.Shutdown(SocketShutdown.Send);
        var answer = await new StreamReader(stream).ReadToEndAsync(Ct);

        Assert.StartsWith(Convert.ToHexStringLower(SHA256.HashData(data)), answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortForward_NobodyListens_SaysRefused()
    {
        var ns = await PodAsync();
        await using var forward = await ForwardAsync(ns, "9999", "p");
        using var client = new TcpClient("127.0.0.1", forward.Ports[0]);

        try
        {
            Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], Ct));
        }
        catch (IOException)
        {
            // kubectl resets the connection at its end.
        }

        await forward.Process.WaitForExitAsync(Ct);
        var errors = await forward.Process.StandardError.ReadToEndAsync(Ct);
        Assert.Contains("an error occurred forwarding", errors, StringComparison.Ordinal);
        Assert.Contains("dial tcp4 127.0.0.1:9999: connect: connection refused", errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PortForward_SeveralPortsOfAService_EachReachTheirOwn()
    {
        var ns = await ServerAsync();
        (await _kubectl.RunAsync(ns, "expose pod server --port=80 --target-port=8080")).Ok();
        await using var forward = await ForwardAsync(ns, "80", "service/server");
        using var http = new HttpClient();

        Assert.NotEmpty(await http.GetStringAsync($"http://127.0.0.1:{forward.Ports[0]}/sum", Ct));
    }

    [Fact]
    public async Task PortForward_OverSpdyAlone_Works()
    {
        _kubectl.Variables["KUBECTL_PORT_FORWARD_WEBSOCKETS"] = "false";
        var ns = await ServerAsync();
        await using var forward = await ForwardAsync(ns, "8080");
        using var http = new HttpClient();

        Assert.NotEmpty(await http.GetStringAsync($"http://127.0.0.1:{forward.Ports[0]}/sum", Ct));
    }

    [Fact]
    public async Task Exec_OverSpdyAlone_IsRefusedWithWhatToDo()
    {
        TestCluster.IsLocalClusterOrSkip("a cluster without SPDY for exec");
        _kubectl.Variables["KUBECTL_REMOTE_COMMAND_WEBSOCKETS"] = "false";
        var ns = await PodAsync();

        var errors = (await _kubectl.RunAsync(ns, "exec p -- true")).Failed();

        Assert.Contains("WebSocket", errors, StringComparison.Ordinal);
    }

    private static async Task<string> TmuxAsync(params IEnumerable<string> arguments)
    {
        using var tmux = Process.Start(new ProcessStartInfo("tmux", arguments) { RedirectStandardOutput = true })!;
        var output = await tmux.StandardOutput.ReadToEndAsync(Ct);
        await tmux.WaitForExitAsync(Ct);
        return output;
    }

    /// <summary>A pod with two containers, of which the second is the default one.</summary>
    private async Task<string> PodAsync()
    {
        var ns = await cluster.NewNamespaceAsync();
        var pod = NodeFixture.ShellPod("p", "");
        pod.Metadata.Labels = new Dictionary<string, string> { ["l"] = "x" };
        pod.Metadata.Annotations = new Dictionary<string, string> { ["kubectl.kubernetes.io/default-container"] = "second" };
        pod.Spec.Containers =
        [
            NodeFixture.Shell("first", "echo err >&2; echo one; sleep 1001"),
            NodeFixture.Shell("second", "echo uno; sleep 1002"),
        ];
        foreach (var container in pod.Spec.Containers)
        {
            container.Env = [new V1EnvVar { Name = "WHO", Value = container.Name }];
        }

        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "p");
        return ns;
    }

    /// <summary>A pod with a large file served over HTTP on 8080, and on 9000 something that answers with the hash of what it is sent.</summary>
    private async Task<string> ServerAsync()
    {
        const string Script = """
            mkdir -p /srv/w
            head -c 100000000 /dev/urandom > /srv/w/big
            sha256sum /srv/w/big > /srv/w/sum
            perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 9000, Listen => 9) or die; while ($c = $s->accept) {
              if (fork) { close $c; next } open STDIN, "<&", $c; open STDOUT, ">&", $c; close $c; exec "sha256sum" }' &
            exec busybox httpd -f -p 8080 -h /srv/w
            """;
        var ns = await cluster.NewNamespaceAsync();
        var pod = NodeFixture.ShellPod("server", Script);
        pod.Metadata.Labels = new Dictionary<string, string> { ["app"] = "server" };
        pod.Spec.Containers[0].ReadinessProbe = new V1Probe { TcpSocket = new V1TCPSocketAction { Port = 8080 }, PeriodSeconds = 1 };
        await cluster.CreateAsync(ns, pod);
        await cluster.ReadyPodAsync(ns, "server");
        return ns;
    }

    private async Task<Forward> ForwardAsync(string ns, string port, string target = "server")
    {
        var name = target.Contains('/') ? target : $"pod/{target}";
        var process = _kubectl.Start(ns, ["port-forward", "--address", "127.0.0.1", name, $":{port}"]);
        var line = await process.StandardOutput.ReadLineAsync(Ct)
            ?? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(Ct));
        return new Forward(process, [int.Parse(line.Split(" -> ")[0].Split(':')[^1], System.Globalization.CultureInfo.InvariantCulture)]);
    }

    private sealed record Forward(Process Process, IReadOnlyList<int> Ports) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            if (!Process.HasExited)
            {
                Process.Kill();
                await Process.WaitForExitAsync(CancellationToken.None);
            }

            Process.Dispose();
        }
    }
}

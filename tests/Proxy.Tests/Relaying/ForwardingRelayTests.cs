using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Workspaces.Contracts;
using Workspaces.Proxy.Relaying;
using Workspaces.Support.Ssh;
using Xunit;

namespace Workspaces.Proxy.Tests.Relaying;

/// <summary>Everything that opens channels besides sessions, with stock OpenSSH on both sides of the relay.</summary>
public sealed class ForwardingRelayTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LocalForward_ToAPort_CarriesBothWays()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var target = new EchoListener();
        var port = StockSshd.FreePort();
        using var ssh = await StartAsync(relay, "-N", "-L", $"127.0.0.1:{port}:127.0.0.1:{target.Port}");

        Assert.Equal("ping over L", await ExchangeAsync(port, "ping over L"));
        Assert.Contains((ChannelKind.LocalForward, $"127.0.0.1:{target.Port}"), relay.Observed);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RemoteForward_FromAPort_CarriesBothWays(bool portChosenByServer)
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var target = new EchoListener();
        var port = portChosenByServer ? 0 : StockSshd.FreePort();
        using var ssh = await StartAsync(relay, "-N", "-v", "-o", "LogLevel=INFO", "-R", $"127.0.0.1:{port}:127.0.0.1:{target.Port}");
        if (portChosenByServer)
        {
            port = await ReadAllocatedPortAsync(ssh);
        }

        Assert.Equal("ping over R", await ExchangeAsync(port, "ping over R"));
        Assert.Contains(relay.Observed, seen => seen.Kind == ChannelKind.RemoteForward);
    }

    [Fact]
    public async Task DynamicForward_BySocks_Carries()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var target = new EchoListener();
        var port = StockSshd.FreePort();
        using var ssh = await StartAsync(relay, "-N", "-D", $"127.0.0.1:{port}");
        await using var stream = await ConnectAsync(port);

        // SOCKS 5 (RFC 1928): no authentication, connect to 127.0.0.1.
        await stream.WriteAsync(new byte[] { 5, 1, 0 }, Cancellation);
        await stream.ReadExactlyAsync(new byte[2], Cancellation);
        await stream.WriteAsync(new byte[] { 5, 1, 0, 1, 127, 0, 0, 1, (byte)(target.Port >> 8), (byte)target.Port }, Cancellation);
        await stream.ReadExactlyAsync(new byte[10], Cancellation);
        await stream.WriteAsync("socks"u8.ToArray(), Cancellation);
        var answer = new byte[5];
        await stream.ReadExactlyAsync(answer, Cancellation);

        Assert.Equal("socks", Encoding.ASCII.GetString(answer));
    }

    [Fact]
    public async Task UnixSockets_ForwardedBothWays_Carry()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        using var target = new EchoListener();
        var far = Path.Combine(relay.Folder, "far.sock");
        var port = StockSshd.FreePort();
        using var listening = await StartAsync(relay, "-N", "-R", $"{far}:127.0.0.1:{target.Port}");
        using var connecting = await StartAsync(relay, "-N", "-L", $"127.0.0.1:{port}:{far}");

        Assert.Equal("ping over sockets", await ExchangeAsync(port, "ping over sockets"));
        Assert.Contains((ChannelKind.RemoteForward, far), relay.Observed);
        Assert.Contains((ChannelKind.LocalForward, far), relay.Observed);
    }

    [Fact]
    public async Task AgentForward_Asked_ReachesTheAgent()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var configuration = await relay.WriteClientConfigurationAsync();
        var script = $"""
            eval $(ssh-agent) > /dev/null
            ssh-add -q {relay.Folder}/id
            ssh -F {configuration} -A relay 'ssh-add -l'; code=$?
            ssh -F {configuration} relay 'ssh-add -l'
            kill $SSH_AGENT_PID
            exit $code
            """;

        var run = await ProgramRun.RunAsync(StockProgram.Find("bash", "bash"), ["-c", script]);

        Assert.Equal(0, run.ExitCode);
        Assert.Single(run.Output.Split('\n'), line => line.Contains("SHA256:", StringComparison.Ordinal));
        Assert.Single(relay.Observed, seen => seen.Kind == ChannelKind.AgentForward);
    }

    [Fact]
    public async Task ControlMaster_WithFiftySessions_RunsThemAllOverOneConnection()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        var socket = Path.Combine(relay.Folder, "master");
        using var master = await StartAsync(relay, "-N", "-M", "-S", socket);
        await WaitForAsync(() => File.Exists(socket));

        var runs = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => relay.SshAsync("-S", socket, "relay", $"echo {i}; exit {i}")));

        Assert.Equal(Enumerable.Range(0, 50).Select(i => ($"{i}\n", i)), runs.Select(run => (run.Output, run.ExitCode)));
        Assert.Single(relay.Legs);
    }

    [Fact]
    public async Task KeepAlives_FromBothEnds_AreAnsweredByTheOther()
    {
        await using var relay = await LoopbackRelay.StartAsync("ClientAliveInterval 1", "ClientAliveCountMax 2");

        var run = await relay.SshAsync("-o", "ServerAliveInterval=1", "-o", "ServerAliveCountMax=2", "relay", "sleep 5; echo alive");

        Assert.Equal(("alive\n", 0), (run.Output, run.ExitCode));
    }

    [Fact]
    public async Task Policy_ForbiddingExecAndForwards_RefusesThemAndAllowsSftp()
    {
        await using var relay = await LoopbackRelay.StartAsync();
        relay.Options = relay.Options with { Policy = new RelayPolicy { Exec = false, Shell = false, LocalForward = false, RemoteForward = false } };
        await File.WriteAllTextAsync(Path.Combine(relay.Folder, "a"), "text", Cancellation);

        var exec = await relay.SshAsync("relay", $"touch {relay.Folder}/ran");
        var local = await relay.SshAsync("-o", "LogLevel=INFO", "-W", $"127.0.0.1:{relay.Sshd.Port}", "relay");
        var remote = await relay.SshAsync("-N", "-o", "ExitOnForwardFailure=yes", "-o", "LogLevel=INFO", "-R", "127.0.0.1:0:127.0.0.1:1", "relay");
        var copy = await relay.RunAsync("scp", "openssh-client", [$"{relay.Folder}/a", $"relay:{relay.Folder}/b"]);

        Assert.NotEqual(0, exec.ExitCode);
        Assert.False(File.Exists(Path.Combine(relay.Folder, "ran")));
        Assert.Contains("administratively prohibited", local.Error, StringComparison.Ordinal);
        Assert.Contains("remote port forwarding failed", remote.Error, StringComparison.OrdinalIgnoreCase);
        Assert.True(copy.ExitCode == 0, copy.Error);
    }

    /// <summary>Starts ssh and waits until it is logged in.</summary>
    private static async Task<RunningClient> StartAsync(LoopbackRelay relay, params string[] arguments)
    {
        var before = relay.Legs.Count;
        var configuration = await relay.WriteClientConfigurationAsync();
        string[] line = ["-F", configuration, "-o", "ExitOnForwardFailure=yes", "-o", "StreamLocalBindUnlink=yes", .. arguments, "relay"];
        var process = Process.Start(new ProcessStartInfo(StockProgram.Find("ssh", "openssh-client"), line) { RedirectStandardError = true })!;
        await WaitForAsync(() => relay.Legs.Count > before || process.HasExited);
        return new RunningClient(process);
    }

    private static async Task<int> ReadAllocatedPortAsync(RunningClient ssh)
    {
        while (await ssh.Process.StandardError.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith("Allocated port ", StringComparison.Ordinal))
            {
                return int.Parse(line.Split(' ')[2]);
            }
        }

        throw new InvalidOperationException("ssh did not say which port the server chose.");
    }

    private static async Task<string> ExchangeAsync(int port, string text)
    {
        await using var stream = await ConnectAsync(port);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(text), Cancellation);
        var answer = new byte[text.Length];
        await stream.ReadExactlyAsync(answer, Cancellation);
        return Encoding.ASCII.GetString(answer);
    }

    private static async Task<NetworkStream> ConnectAsync(int port)
    {
        NetworkStream? stream = null;
        await WaitForAsync(() =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Connect(IPAddress.Loopback, port);
                stream = new NetworkStream(socket, ownsSocket: true);
                return true;
            }
            catch (SocketException)
            {
                socket.Dispose();
                return false;
            }
        });
        return stream!;
    }

    private static async Task WaitForAsync(Func<bool> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!condition())
        {
            await Task.Delay(20, deadline.Token);
        }
    }

    private sealed class RunningClient(Process process) : IDisposable
    {
        public Process Process => process;

        public void Dispose()
        {
            process.Kill();
            process.Dispose();
        }
    }
}

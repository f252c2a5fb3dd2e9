using System.Net;
using System.Net.Sockets;
using System.Text;
using Workspaces.LocalSuite.Processes;
using Workspaces.Toolkit.Tests.Running;
using Xunit;

namespace Workspaces.Toolkit.Tests;

/// <summary>What a person does in a workspace, with stock OpenSSH, in each kind of image and as each kind of user.</summary>
public sealed class LoginTests(ToolkitBuild toolkit)
{
    /// <summary>Image, uid of the container, read-only root.</summary>
    public static TheoryData<ContainerImage, int, bool> Containers => new()
    {
        { ContainerImage.Empty, 0, false },
        { ContainerImage.Empty, 0, true },
        { ContainerImage.Empty, 1000, false },
        { ContainerImage.Empty, 1000, true },
        { ContainerImage.Debian, 0, false },
        { ContainerImage.Debian, 0, true },
        { ContainerImage.Debian, 1000, true },
    };

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task Exec_PassesInputOutputAndExitCode(ContainerImage image, int uid, bool readOnly)
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, image, uid, readOnly);

        var outcome = await container.SshWithInputAsync("hello\n", "cat; id -u; echo trouble >&2; exit 7");

        Assert.Equal("hello\n1000\n", outcome.Output);
        Assert.Contains("trouble", outcome.Error, StringComparison.Ordinal);
        Assert.Equal(7, outcome.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task Pty_IsThereAndCtrlCReachesTheCommand(ContainerImage image, int uid, bool readOnly)
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, image, uid, readOnly);

        using var ssh = StockProgram.Start(
            "ssh", [.. container.SshOptions(), "-tt", "-p", container.PortText, "dev@127.0.0.1", "trap 'echo interrupted; exit 3' INT; tty; while :; do sleep 1; done"]);
        var terminal = await ssh.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);

        // Ctrl-C is a character to us; the terminal inside makes it a signal.
        await ssh.StandardInput.WriteAsync('\u0003');
        await ssh.StandardInput.FlushAsync(TestContext.Current.CancellationToken);

        var rest = await ssh.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await ssh.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("/dev/pts/", terminal, StringComparison.Ordinal);
        Assert.Contains("interrupted", rest, StringComparison.Ordinal);
        Assert.Equal(3, ssh.ExitCode);
    }

    [Theory]
    [MemberData(nameof(Containers))]
    public async Task Sftp_CarriesFilesBothWays(ContainerImage image, int uid, bool readOnly)
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, image, uid, readOnly);
        File.WriteAllBytes(container.In("there"), Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("some text\n", 20_000))));
        File.WriteAllText(container.In("batch"), $"put {container.In("there")} /tmp/file\nget /tmp/file {container.In("back")}\n");

        (await StockProgram.RunAsync("sftp", [.. container.SshOptions(), "-P", container.PortText, "-b", container.In("batch"), "dev@127.0.0.1"])).MustSucceed();

        Assert.Equal(File.ReadAllBytes(container.In("there")), File.ReadAllBytes(container.In("back")));
    }

    [Fact]
    public async Task Scp_InBothProtocols_CarriesAFile()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, ContainerImage.Empty, uid: 1000, readOnly: true);
        File.WriteAllText(container.In("there"), "some text");

        // -O is the protocol of old clients, which needs scp on the other side: the toolkit has it on PATH.
        foreach (var protocol in new[] { "-s", "-O" })
        {
            (await StockProgram.RunAsync("scp", [.. container.SshOptions(), protocol, "-P", container.PortText, container.In("there"), "dev@127.0.0.1:/tmp/file"])).MustSucceed();
            (await StockProgram.RunAsync("scp", [.. container.SshOptions(), protocol, "-P", container.PortText, "dev@127.0.0.1:/tmp/file", container.In("back")])).MustSucceed();
            Assert.Equal("some text", File.ReadAllText(container.In("back")));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task LocalForward_ReachesAPortInside(int uid)
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: uid);
        var port = Ports.Free(1)[0];
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var inside = ((IPEndPoint)listener.LocalEndpoint).Port;
        using var ssh = StockProgram.Start("ssh", [.. container.SshOptions(), "-N", "-o", "ExitOnForwardFailure=yes", "-L", $"127.0.0.1:{port}:127.0.0.1:{inside}", "-p", container.PortText, "dev@127.0.0.1"]);
        try
        {
            await container.WaitUntilAsync("the forwarded port", () => !Ports.IsFree(port));

            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20));
            await EchoAsync(client, accepted);
        }
        finally
        {
            ssh.Kill();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task RemoteForward_ReachesAPortOutside(int uid)
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: uid);
        var port = Ports.Free(1)[0];
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var outside = ((IPEndPoint)listener.LocalEndpoint).Port;

        var answering = AnswerAsync(listener, "from outside");
        var outcome = await container.SshAsync($"sleep 5 | nc 127.0.0.1 {port} | head -c 12", "-o", "ExitOnForwardFailure=yes", "-R", $"127.0.0.1:{port}:127.0.0.1:{outside}");

        Assert.Equal("from outside", outcome.Output);
        await answering;
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1000)]
    public async Task Agent_IsReachableFromInside(int uid)
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: uid);
        var socket = container.In("agent");
        using var agent = StockProgram.Start("ssh-agent", ["-D", "-a", socket]);
        try
        {
            await container.WaitUntilAsync("the agent", async () => (await StockProgram.RunAsync("ssh-add", ["-l"], environment: ("SSH_AUTH_SOCK", socket))).ExitCode != 2);
            (await StockProgram.RunAsync("ssh-add", ["-q", container.In("ca")], environment: ("SSH_AUTH_SOCK", socket))).MustSucceed();

            // ssh takes the first value of an option.
            var outcome = await StockProgram.RunAsync(
                "ssh", ["-A", "-o", $"IdentityAgent={socket}", .. container.SshOptions(), "-p", container.PortText, "dev@127.0.0.1", "ssh-add -L"]);

            Assert.Equal(File.ReadAllText(container.In("ca.pub")), outcome.MustSucceed().Output);
        }
        finally
        {
            agent.Kill();
        }
    }

    [Fact]
    public async Task UnixSocket_CanBeForwarded()
    {
        await using var container = await WorkspaceContainer.StartAsync(toolkit, uid: 1000, readOnly: true);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(container.In("outside")));
        listener.Listen();

        // Twice: the socket file of the first session must not be in the way of the second (StreamLocalBindUnlink).
        for (var time = 0; time < 2; time++)
        {
            var outcome = await container.SshAsync("test -S /tmp/inside && echo there", "-o", "ExitOnForwardFailure=yes", "-R", $"/tmp/inside:{container.In("outside")}");
            Assert.Equal("there\n", outcome.MustSucceed().Output);
        }
    }

    private static async Task EchoAsync(TcpClient from, TcpClient to)
    {
        await from.GetStream().WriteAsync("ping"u8.ToArray(), TestContext.Current.CancellationToken);
        var buffer = new byte[4];
        await to.GetStream().ReadExactlyAsync(buffer, TestContext.Current.CancellationToken);
        Assert.Equal("ping", Encoding.ASCII.GetString(buffer));
    }

    private static async Task AnswerAsync(TcpListener listener, string text)
    {
        using var client = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), TestContext.Current.CancellationToken);
    }
}

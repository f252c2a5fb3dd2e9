using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Xunit;

namespace Workspaces.EndToEnd;

/// <summary>Everything a person expects of ssh, through the Proxy, with the stock OpenSSH client.</summary>
public sealed class SshTests(Suite suite, SharedWorkspace workspace) : IClassFixture<SharedWorkspace>, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("workspaces-ssh-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Exec_OutputErrorAndExitCode_AreThoseOfTheCommand()
    {
        var result = await suite.Ssh.ExecAsync(workspace.Name, "echo out; echo err >&2; exit 42");

        Assert.Equal(42, result.ExitCode);
        Assert.Equal("out\n", result.Output);
        Assert.Contains("err\n", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Exec_OfALoginUser_IsThatUserInItsHome()
    {
        var result = (await suite.Ssh.ExecAsync(workspace.Name, "id -un; id -u; pwd; touch ~/mine && echo writable")).MustSucceed();

        Assert.Equal(["dev", "1000", "/home/dev", "writable"], result.Output.Trim().Split('\n'));
    }

    [Fact]
    public async Task Exec_StandardInput_ReachesTheCommandToItsEnd()
    {
        var result = (await suite.Ssh.ExecAsync(workspace.Name, "wc -c", new string('x', 3_000_000))).MustSucceed();

        Assert.Equal("3000000", result.Output.Trim());
    }

    [Fact]
    public async Task Exec_ReaderThatLeaves_EndsTheCommand()
    {
        var result = await Command.BashAsync($"ssh {Options()} {suite.Ssh.At(workspace.Name)} yes | head -n 1 || true");

        Assert.Equal("y\n", result.Output);
    }

    [Fact]
    public async Task Shell_WithATerminal_HasTheWindowsSizeAndFollowsIt()
    {
        await using var terminal = await Terminal.StartAsync($"ssh {Options()} {suite.Ssh.At(workspace.Name)}", columns: 90, rows: 20);

        await terminal.TypeAsync("stty size");
        await terminal.ShowsAsync("20 90");
        await terminal.ResizeAsync(columns: 120, rows: 33);
        await terminal.TypeAsync("stty size");
        await terminal.ShowsAsync("33 120");
        await terminal.TypeAsync("test -t 0 && echo a-$((40+2))-terminal");
        await terminal.ShowsAsync("a-42-terminal");
    }

    [Fact]
    public async Task Scp_BothWays_KeepsEveryByte()
    {
        var file = RandomFile(5_000_000);

        (await Command.RunAsync("scp", [.. suite.Ssh.Options, file, suite.Ssh.At(workspace.Name) + ":scp.bin"])).MustSucceed();
        (await Command.RunAsync("scp", [.. suite.Ssh.Options, suite.Ssh.At(workspace.Name) + ":scp.bin", file + ".back"])).MustSucceed();

        Assert.Equal(Hash(file), Hash(file + ".back"));
    }

    [Fact]
    public async Task Sftp_BothWays_KeepsEveryByte()
    {
        var file = RandomFile(5_000_000);

        (await Command.RunAsync(
            "sftp", [.. suite.Ssh.Options, "-b", "-", suite.Ssh.At(workspace.Name)],
            $"put {file} sftp.bin\nls -l sftp.bin\nget sftp.bin {file}.back\nrm sftp.bin\n")).MustSucceed();

        Assert.Equal(Hash(file), Hash(file + ".back"));
    }

    [Fact]
    public async Task LocalForward_ToAPortOfTheWorkspace_Answers()
    {
        var port = FreePort();
        var remote = Random.Shared.Next(20_000, 30_000);
        var script = $$"""
            ssh {{Options()}} -o ExitOnForwardFailure=yes -L 127.0.0.1:{{port}}:127.0.0.1:{{remote}} {{suite.Ssh.At(workspace.Name)}} \
              'printf "from the workspace" | /.workspace/bin/busybox nc -l -p {{remote}}' &
            for attempt in $(seq 100); do
              if answer=$(timeout 5 bash -c 'exec 3<>/dev/tcp/127.0.0.1/{{port}}; head -c 18 <&3' 2>/dev/null) && [ -n "$answer" ]; then echo "$answer"; break; fi
              sleep 0.1
            done
            wait
            """;

        var result = await Command.BashAsync(script);

        Assert.Equal("from the workspace\n", result.Output);
    }

    [Fact]
    public async Task RemoteForward_BackToThisMachine_Answers()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = AnswerOnceAsync(listener, "from this machine");
        var remote = Random.Shared.Next(30_000, 40_000);

        var result = (await suite.Ssh.ExecAsync(
            workspace.Name, $"/.workspace/bin/busybox nc 127.0.0.1 {remote}", null,
            "-o", "ExitOnForwardFailure=yes", "-R", $"127.0.0.1:{remote}:127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}")).MustSucceed();

        await answering;
        Assert.Equal("from this machine", result.Output);
    }

    [Fact]
    public async Task AgentForwarding_WhenAskedFor_ShowsTheAgentsKeys()
    {
        var key = Path.Combine(_folder, "agent-key");
        (await Command.RunAsync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "agent-key-comment", "-f", key])).MustSucceed();
        var script = $"""
            eval "$(ssh-agent -s)" >/dev/null
            trap 'ssh-agent -k >/dev/null' EXIT
            ssh-add -q {key}
            ssh {Options()} -A {suite.Ssh.At(workspace.Name)} 'ssh-add -l'
            ssh {Options()} -a {suite.Ssh.At(workspace.Name)} 'test -z "$SSH_AUTH_SOCK" && echo no agent unasked'
            """;

        var result = (await Command.BashAsync(script.Replace("-o IdentityAgent=none", "", StringComparison.Ordinal))).MustSucceed();

        Assert.Contains("agent-key-comment", result.Output, StringComparison.Ordinal);
        Assert.Contains("no agent unasked", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ControlMaster_TwoSessionsOverOneConnection_BothWork()
    {
        var control = Path.Combine(_folder, "control");
        var ssh = $"ssh {Options()} -o ControlPath={control}";
        var at = suite.Ssh.At(workspace.Name);
        var script = $"""
            {ssh} -o ControlMaster=yes -o ControlPersist=60 -f -N {at}
            trap '{ssh} -O exit {at} 2>/dev/null' EXIT
            {ssh} {at} 'sleep 1; echo first $SSH_CONNECTION' &
            {ssh} {at} 'echo second $SSH_CONNECTION'
            wait
            """;

        var lines = (await Command.BashAsync(script)).MustSucceed().Output.Trim().Split('\n');

        Assert.Equal(2, lines.Length);
        Assert.StartsWith("second ", lines[0], StringComparison.Ordinal);
        Assert.Equal(lines[0]["second ".Length..], lines[1]["first ".Length..]);
    }

    [Fact]
    public async Task Login_ForAWorkspaceThatDoesNotExistYet_MakesItAndTellsWhatHappens()
    {
        var result = await suite.Ssh.ExecAsync("dev~dev", "echo it is there");
        try
        {
            Assert.Equal(0, result.ExitCode);
            Assert.Equal("it is there\n", result.Output);
            Assert.Contains("dev-dev", result.Error, StringComparison.Ordinal);
            Assert.Equal("Ready", (string?)(await suite.GetAsync("dev-dev"))["state"]);
        }
        finally
        {
            await suite.DeleteAsync("dev-dev");
        }
    }

    private string Options() => string.Join(' ', suite.Ssh.Options);

    private string RandomFile(int size)
    {
        var path = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(size));
        return path;
    }

    private static string Hash(string file) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file)));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task AnswerOnceAsync(TcpListener listener, string text)
    {
        using var client = await listener.AcceptTcpClientAsync();
        await client.GetStream().WriteAsync(System.Text.Encoding.ASCII.GetBytes(text));
    }
}

using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Workspaces.Support.Ssh;

/// <summary>OpenSSH's own server on a free loopback port, with a folder, keys and a configuration of its own.</summary>
public sealed class StockSshd : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _log;

    private StockSshd(string folder, int port, Process process)
    {
        Folder = folder;
        Port = port;
        _process = process;
        _log = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Holds its keys and files; deleted at the end.</summary>
    public string Folder { get; }

    /// <summary>Where it listens, on 127.0.0.1.</summary>
    public int Port { get; }

    /// <summary>The path of its Ed25519 host key; the public half is beside it.</summary>
    public string HostKeyFile => Path.Combine(Folder, "host_ed25519");

    /// <summary>Lines for its configuration are added to a minimal one that lets the current user in by certificate of <c>user_ca.pub</c> or key in <c>authorized_keys</c>.</summary>
    public static async Task<StockSshd> StartAsync(Action<string>? prepareFolder = null, params string[] configuration)
    {
        var sshd = StockProgram.Find("sshd", "openssh-server");
        var folder = Directory.CreateTempSubdirectory("stock-sshd-").FullName;
        await KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, "host_ed25519"));
        await File.WriteAllTextAsync(Path.Combine(folder, "authorized_keys"), "");
        await File.WriteAllTextAsync(Path.Combine(folder, "user_ca.pub"), "");
        prepareFolder?.Invoke(folder);
        if (Environment.IsPrivilegedProcess)
        {
            // As root it separates privileges in this folder, and Debian makes it at boot only.
            Directory.CreateDirectory("/run/sshd");
        }

        var port = FreePort();
        var configurationFile = Path.Combine(folder, "sshd_config");
        await File.WriteAllLinesAsync(configurationFile,
        [
            $"ListenAddress 127.0.0.1:{port}", $"HostKey {Path.Combine(folder, "host_ed25519")}", "PidFile none", "UsePAM no", "StrictModes no",
            "PermitRootLogin yes", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "MaxSessions 1000", "MaxStartups 1000",
            $"AuthorizedKeysFile {Path.Combine(folder, "authorized_keys")}", $"TrustedUserCAKeys {Path.Combine(folder, "user_ca.pub")}",
            // The account's own start-up files may do anything, and take as long as they like.
            $"SetEnv HOME={folder}",
            "PrintMotd no", "PrintLastLog no", "X11Forwarding yes", "StreamLocalBindUnlink yes",
            $"Subsystem sftp {StockProgram.Find("sftp-server", "openssh-sftp-server")}", .. configuration,
        ]);
        var process = Process.Start(new ProcessStartInfo(sshd, ["-D", "-e", "-f", configurationFile]) { RedirectStandardError = true })!;
        var server = new StockSshd(folder, port, process);
        await server.WaitUntilListeningAsync();
        return server;
    }

    /// <summary>Runs ssh-keygen and fails with what it said.</summary>
    public static async Task<string> KeygenAsync(params string[] arguments)
    {
        var run = await ProgramRun.RunAsync(StockProgram.Find("ssh-keygen", "openssh-client"), arguments);
        return run.ExitCode == 0 ? run.Output : throw new InvalidOperationException($"ssh-keygen {string.Join(' ', arguments)}: {run}");
    }

    /// <summary>A port that nobody listens on just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A connection to it.</summary>
    public async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        return new NetworkStream(socket, ownsSocket: true);
    }

    /// <summary>Ends the server and everything that it started, and returns its log.</summary>
    public async Task<string> StopAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        await _process.WaitForExitAsync();
        return await _log;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private async Task WaitUntilListeningAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            try
            {
                await using var probe = await ConnectAsync();
                return;
            }
            catch (SocketException) when (!_process.HasExited && !deadline.IsCancellationRequested)
            {
                await Task.Delay(20, deadline.Token);
            }
            catch (SocketException)
            {
                throw new InvalidOperationException($"sshd does not listen: {await StopAsync()}");
            }
        }
    }
}

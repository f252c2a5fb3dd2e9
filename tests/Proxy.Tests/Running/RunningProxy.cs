using System.Diagnostics;
using System.Net;
using System.Text;
using Workspaces.Support.Ssh;

namespace Workspaces.Proxy.Tests.Running;

/// <summary>The Proxy as a process of its own, as in production.</summary>
internal sealed class RunningProxy : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly string _folder;

    private RunningProxy(Process process, string folder, int sshPort, int httpPort)
    {
        _process = process;
        _folder = folder;
        SshPort = sshPort;
        HttpPort = httpPort;
        DataReceivedEventHandler keep = (_, line) =>
        {
            lock (_log)
            {
                _log.AppendLine(line.Data);
            }
        };
        process.OutputDataReceived += keep;
        process.ErrorDataReceived += keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int SshPort { get; }

    public int HttpPort { get; }

    public string Log
    {
        get
        {
            lock (_log)
            {
                return _log.ToString();
            }
        }
    }

    /// <summary>Makes the keys that a Proxy needs, in a folder.</summary>
    public static async Task MakeKeysAsync(string folder)
    {
        await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, "host_key"));
        await StockSshd.KeygenAsync("-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, "user_ca"));
    }

    /// <summary>Starts the process; does not wait until it is ready.</summary>
    public static RunningProxy Launch(string folder, Uri broker, Uri requests, params (string Name, string Value)[] settings)
    {
        var (ssh, http) = (StockSshd.FreePort(), StockSshd.FreePort());
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Workspaces.Proxy.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{http}",
                ["ConnectionStrings__rabbitmq"] = broker.ToString(),
                ["Requests__Url"] = requests.ToString(),
                ["ApiKeys__Own"] = FakeRequests.ApiKey,
                ["Proxy__Ssh__Port"] = $"{ssh}",
                ["Proxy__HostKeyFiles__0"] = Path.Combine(folder, "host_key"),
                ["Proxy__UserCaKeyFile"] = Path.Combine(folder, "user_ca"),
                ["Proxy__SpoolFolder"] = Path.Combine(folder, "spool"),
                ["Proxy__Wait__SpeakEvery"] = "00:00:01",
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        return new RunningProxy(Process.Start(start)!, folder, ssh, http);
    }

    /// <summary>Waits until it says that it is ready.</summary>
    public async Task<RunningProxy> ReadyAsync()
    {
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{HttpPort}") };
        await Eventually.TrueAsync(async () =>
        {
            if (_process.HasExited)
            {
                throw new InvalidOperationException($"The Proxy ended: {Log}");
            }

            try
            {
                using var response = await http.GetAsync(new Uri("health/ready", UriKind.Relative));
                return response.StatusCode == HttpStatusCode.OK;
            }
            catch (HttpRequestException)
            {
                return false; // not listening yet
            }
        }, "the Proxy to be ready");
        return this;
    }

    /// <summary>Arguments of ssh for a login at this Proxy.</summary>
    public IEnumerable<string> SshArguments(string keyFile, string login) =>
    [
        "-F", "none", "-p", $"{SshPort}", "-i", keyFile, "-l", login,
        "-o", "BatchMode=yes", "-o", "IdentitiesOnly=yes", "-o", "StrictHostKeyChecking=no",
        "-o", $"UserKnownHostsFile={Path.Combine(_folder, "known_hosts")}", "127.0.0.1",
    ];

    /// <summary>Runs a command by stock ssh.</summary>
    public Task<ProgramRun> SshAsync(string keyFile, string login, string command, byte[]? input = null) =>
        ProgramRun.RunAsync(StockProgram.Find("ssh", "openssh-client"), [.. SshArguments(keyFile, login), command], input, TimeSpan.FromSeconds(90));

    /// <summary>Kills it, as a crash would.</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>Tells it to stop, as an orchestrator would, and waits until it has; returns its exit code.</summary>
    public async Task<int> TerminateAsync()
    {
        using (Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
        }

        return await ExitAsync();
    }

    /// <summary>Waits until it has ended; returns its exit code.</summary>
    public async Task<int> ExitAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await _process.WaitForExitAsync(deadline.Token);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }
}

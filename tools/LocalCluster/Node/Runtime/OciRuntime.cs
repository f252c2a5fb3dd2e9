using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Processes;

namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>Calls crun, inside the node's namespaces. Knows nothing of pods.</summary>
internal sealed class OciRuntime(NodeNamespaces namespaces, NodeCgroups cgroups, string runtimeFolder)
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<Task, bool> _commands = new();

    /// <summary>Completes when every command that was started in a container has ended and its files are gone.</summary>
    public Task AllCommandsEndedAsync() => Task.WhenAll(_commands.Keys);

    /// <summary>Starts a container that nobody reads from or waits for, and returns its process id as seen in the node.</summary>
    public async Task<int> RunDetachedAsync(ContainerSpec spec, CancellationToken ct)
    {
        var (log, pidFile) = PrepareBundle(spec);
        // The container inherits the streams of this call, so they must not be pipes that someone waits to see closed.
        var call = Crun(log, "run", "--detach", "--bundle", spec.Bundle, "--pid-file", pidFile, spec.Id);
        var result = await Command.TryRunAsync(namespaces.Enter(["sh", "-c", """exec "$0" "$@" </dev/null >/dev/null 2>&1""", .. call]), ct: ct);
        return result.ExitCode == 0 ? ReadProcessId(pidFile)!.Value : throw new ContainerStartException(ReadError(log) ?? "the runtime gave no reason");
    }

    /// <summary>
    /// Starts a container and stays its parent: the returned process ends with the container and has its exit code, and its
    /// streams are the container's. With <paramref name="consoleSocket"/> the streams are a terminal that is sent there.
    /// </summary>
    public async Task<ContainerProcess> RunAsync(ContainerSpec spec, string? consoleSocket, CancellationToken ct)
    {
        var (log, pidFile) = PrepareBundle(spec);
        string[] console = consoleSocket is null ? [] : ["--console-socket", consoleSocket];
        var process = Command.Start(namespaces.Enter(Crun(log, ["run", "--bundle", spec.Bundle, "--pid-file", pidFile, .. console, spec.Id])));
        var watch = Stopwatch.StartNew();
        while (ReadProcessId(pidFile) is null)
        {
            if (process.HasExited)
            {
                process.Dispose();
                throw new ContainerStartException(ReadError(log) ?? "the runtime gave no reason");
            }

            if (watch.Elapsed > StartLimit)
            {
                process.Kill(entireProcessTree: true);
                process.Dispose();
                throw new ContainerStartException($"the runtime did not start the container within {StartLimit.TotalSeconds} s");
            }

            await Task.Delay(2, ct);
        }

        return new ContainerProcess(process, ReadProcessId(pidFile)!.Value, () => ReadError(log));
    }

    /// <summary>Starts another process in a running container; streams as with <see cref="RunAsync"/>.</summary>
    public ExecHandle Exec(ContainerSpec spec, JsonObject process, string? consoleSocket)
    {
        var stem = Path.Combine(runtimeFolder, $"exec-{Guid.NewGuid():N}");
        var (configuration, log, pidFile) = (stem + ".json", stem + ".log", stem + ".pid");
        File.WriteAllText(configuration, process.ToJsonString());
        string[] console = consoleSocket is null ? [] : ["--tty", "--console-socket", consoleSocket];
        var started = Command.Start(namespaces.Enter(Crun(log, ["exec", "--process", configuration, "--pid-file", pidFile, .. console, spec.Id])));
        var ended = FinishAsync();
        _commands[ended] = true;
        _ = ended.ContinueWith(done => _commands.TryRemove(done, out _), TaskScheduler.Default);
        return new ExecHandle(started, KillAsync, ended);

        async Task<string?> FinishAsync()
        {
            await started.WaitForExitAsync();
            var error = ReadError(log);
            File.Delete(configuration);
            File.Delete(log);
            File.Delete(pidFile);
            return error;
        }

        async Task KillAsync()
        {
            // Killing the runtime's own process would leave the command in the container behind.
            if (ReadProcessId(pidFile) is { } processId)
            {
                await Command.TryRunAsync(namespaces.Enter("kill", "-KILL", processId.ToString(CultureInfo.InvariantCulture)));
            }
            else if (!started.HasExited)
            {
                started.Kill(entireProcessTree: true);
            }
        }
    }

    /// <summary>Signals the container's first process; one that is gone is no error.</summary>
    public async Task SignalAsync(string id, string signal, CancellationToken ct)
    {
        var result = await Command.TryRunAsync(namespaces.Enter(Crun(null, "kill", id, signal)), ct: ct);
        if (result.ExitCode != 0 && !result.Errors.Contains("No such process", StringComparison.Ordinal)
            && !result.Errors.Contains("No such file", StringComparison.Ordinal) && !result.Errors.Contains("not running", StringComparison.Ordinal))
        {
            throw new CommandFailedException($"crun kill {id} {signal}", result.ExitCode, result.Errors.Trim());
        }
    }

    /// <summary>Kills whatever is left of a container and removes the runtime's record of it.</summary>
    public async Task DeleteAsync(ContainerSpec spec, CancellationToken ct)
    {
        cgroups.Kill(spec.Cgroup);
        // The runtime removes a container itself at its end, which is the usual case.
        if (Directory.Exists(Path.Combine(runtimeFolder, "crun", spec.Id)))
        {
            await Command.TryRunAsync(namespaces.Enter(Crun(null, "delete", "--force", spec.Id)), ct: ct);
        }

        await cgroups.RemoveAsync(spec.Cgroup, ct);
    }

    private static (string Log, string PidFile) PrepareBundle(ContainerSpec spec)
    {
        Directory.CreateDirectory(spec.Bundle);
        var (log, pidFile) = (Path.Combine(spec.Bundle, "runtime.log"), Path.Combine(spec.Bundle, "pid"));
        File.Delete(log);
        File.Delete(pidFile);
        File.WriteAllText(Path.Combine(spec.Bundle, "config.json"), OciConfiguration.Create(spec).ToJsonString());
        return (log, pidFile);
    }

    private static int? ReadProcessId(string pidFile) =>
        File.Exists(pidFile) && int.TryParse(File.ReadAllText(pidFile), CultureInfo.InvariantCulture, out var id) ? id : null;

    /// <summary>The last error of the runtime's log, which is a JSON object a line.</summary>
    private static string? ReadError(string log)
    {
        if (!File.Exists(log))
        {
            return null;
        }

        string? last = null;
        foreach (var line in File.ReadLines(log))
        {
            using var entry = JsonDocument.Parse(line);
            if (entry.RootElement.GetProperty("level").GetString() == "error")
            {
                last = entry.RootElement.GetProperty("msg").GetString();
            }
        }

        return last;
    }

    private IEnumerable<string> Crun(string? log, params IEnumerable<string> arguments) =>
        ["crun", "--root", Path.Combine(runtimeFolder, "crun"), "--cgroup-manager", "cgroupfs", .. log is null ? (string[])[] : ["--log", log, "--log-format", "json"], .. arguments];
}

using System.Collections.Concurrent;
using System.Net;
using System.Text;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Logs;
using Workspaces.LocalCluster.Node.Runtime;
using Workspaces.LocalCluster.Node.Streams;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>Starts runs of containers: root file system, configuration, process, log; and clears up after each.</summary>
internal sealed class ContainerStarter(
    NodeFolders folders, RootFileSystem rootFileSystems, OciRuntime runtime, ContainerSpecFactory specs, NodeCgroups cgroups, TimeProvider time)
{
    private const int LongestMessage = 4096;
    private const int FallbackLines = 80;
    private const int FallbackLength = 2048;

    private readonly ConcurrentDictionary<Task, bool> _endings = new();

    /// <summary>Completes when every container that was started has ended and is cleared up.</summary>
    public Task AllEndedAsync() => Task.WhenAll(_endings.Keys);

    /// <exception cref="ContainerConfigException">The pod asks for something that cannot be configured.</exception>
    /// <exception cref="ContainerStartException">The runtime could not start it.</exception>
    public async Task<RunningContainer> StartAsync(ContainerRequest request, IPAddress podAddress, CancellationToken ct)
    {
        var (uid, name) = (request.Pod.Metadata.Uid, request.Container.Name);
        var folder = folders.Container(uid, name, request.Attempt);
        Directory.CreateDirectory(folder);
        var terminationLog = Path.Combine(folder, "termination-log");
        await File.WriteAllTextAsync(terminationLog, "", ct);
        File.SetUnixFileMode(terminationLog, (UnixFileMode)0b110_110_110);
        // Configuration errors first: they leave nothing to undo.
        var spec = specs.Create(request, Path.Combine(folder, "rootfs"), terminationLog, podAddress);
        await rootFileSystems.MountAsync(request.Image, folder, ct);
        var memory = IsMemoryLimited(request) ? OutOfMemoryWatch.Start(cgroups, PodCgroup.Path(cgroups, uid), spec.Cgroup) : null;
        ContainerProcess process;
        Terminal? terminal = null;
        try
        {
            (process, terminal) = await LaunchAsync(spec, ct);
        }
        catch (ContainerStartException)
        {
            await CleanAsync(spec, folder, ct);
            throw;
        }

        var log = new ContainerLog(Path.Combine(folders.ContainerLogs(uid, name), $"{request.Attempt}.log"));
        var startedAt = time.GetUtcNow().UtcDateTime;
        if (request.Container.Stdin != true && terminal is null)
        {
            process.Input.Close();
        }

        var exit = FinishAsync(request, spec, process, terminal, log, startedAt, folder, terminationLog, memory);
        _endings[exit] = true;
        _ = exit.ContinueWith(ended => _endings.TryRemove(ended, out _), TaskScheduler.Default);
        return new RunningContainer
        {
            Spec = spec,
            Process = process,
            Log = log,
            Terminal = terminal,
            AcceptsInput = request.Container.Stdin == true,
            InputEndsWithClient = request.Container.StdinOnce == true,
            Image = request.Container.Image ?? "",
            StartedAt = startedAt,
            Folder = folder,
            Exit = exit,
        };
    }

    private static bool IsMemoryLimited(ContainerRequest request) =>
        new[] { request.Container.Resources, request.Pod.Spec.Resources }.Any(resources => resources?.Limits?.ContainsKey("memory") == true);

    private async Task<(ContainerProcess Process, Terminal? Terminal)> LaunchAsync(ContainerSpec spec, CancellationToken ct)
    {
        if (!spec.Terminal)
        {
            return (await runtime.RunAsync(spec, null, ct), null);
        }

        using var console = new ConsoleSocket(folders.Runtime);
        using var abandon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var receiving = console.ReceiveTerminalAsync(abandon.Token);
        try
        {
            var process = await runtime.RunAsync(spec, console.Path, ct);
            return (process, new Terminal(await receiving));
        }
        finally
        {
            await abandon.CancelAsync();
        }
    }

    private async Task<ContainerExit> FinishAsync(
        ContainerRequest request, ContainerSpec spec, ContainerProcess process, Terminal? terminal, ContainerLog log, DateTime startedAt, string folder, string terminationLog,
        OutOfMemoryWatch? memory)
    {
        var output = terminal is null
            ? Task.WhenAll(log.PumpAsync(process.Output, errors: false), log.PumpAsync(process.Errors, errors: true))
            : log.PumpAsync(terminal.Stream, errors: false);
        var exitCode = await process.WaitAsync(CancellationToken.None);
        var finishedAt = time.GetUtcNow().UtcDateTime;
        var error = process.RuntimeError;
        // Deleting kills what the first process left behind in a shared process namespace, and with it the last writer.
        await CleanAsync(spec, folder, CancellationToken.None);
        await output;
        log.Complete();
        terminal?.Dispose();
        process.Dispose();
        var outOfMemory = error is null && memory is not null && await memory.HappenedAsync(exitCode);
        var reason = error is not null ? "StartError" : outOfMemory ? "OOMKilled" : exitCode == 0 ? "Completed" : "Error";
        var message = error ?? TerminationMessage(terminationLog, request.Container.TerminationMessagePolicy, exitCode, log.Path);
        return new ContainerExit(error is null ? exitCode : 128, reason, message, startedAt, finishedAt, spec.Id);
    }

    private static string? TerminationMessage(string file, string? policy, int exitCode, string log)
    {
        var text = File.ReadAllText(file);
        if (text.Length == 0 && exitCode != 0 && policy == "FallbackToLogsOnError")
        {
            var lines = new StringBuilder();
            foreach (var line in File.ReadLines(log).TakeLast(FallbackLines))
            {
                lines.Append(line.Split(' ', 4)[^1]).Append('\n');
            }

            text = lines.Length <= FallbackLength ? lines.ToString() : lines.ToString(lines.Length - FallbackLength, FallbackLength);
        }

        return text.Length == 0 ? null : text.Length <= LongestMessage ? text : text[^LongestMessage..];
    }

    private async Task CleanAsync(ContainerSpec spec, string folder, CancellationToken ct)
    {
        await runtime.DeleteAsync(spec, ct);
        await rootFileSystems.UnmountAsync(folder);
        Directory.Delete(folder + "/upper", recursive: true);
        Directory.Delete(folder + "/work", recursive: true);
    }
}

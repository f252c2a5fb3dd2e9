using System.Diagnostics;

namespace Workspaces.LocalSuite.Processes;

/// <summary>
/// One running program that must not outlive this process: it is stopped on disposal, and the kernel stops it should this process
/// be killed (PR_SET_PDEATHSIG, set by <c>setpriv</c>). Programs that the program starts are its own affair; see <see cref="Marker"/>
/// for those it leaves behind.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly ProgramStart _start;

    private ChildProcess(Process process, ProgramStart start) => (_process, _start) = (process, start);

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Exit code, once it has ended; 128 and more: killed by a signal.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Completes when it has ended, for whatever reason.</summary>
    public Task WaitForExitAsync(CancellationToken cancellation = default) => _process.WaitForExitAsync(cancellation);

    /// <summary>Starts a program.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">There is no <c>/bin/sh</c>.</exception>
    public static ChildProcess Start(ProgramStart start)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(start.LogFile)!);

        // The shell opens the log, so that output neither passes through nor depends on this process, and becomes the program, in a
        // session of its own: a Ctrl-C at the terminal is for us, who stop programs in order.
        var info = new ProcessStartInfo("/bin/sh", ["-c", "exec >>\"$0\" 2>&1 </dev/null; exec \"$@\"", start.LogFile, "setsid", "setpriv", .. Options(start), "--", start.FileName, .. start.Arguments])
        {
            WorkingDirectory = start.WorkingDirectory ?? "",
        };
        foreach (var (name, value) in start.Environment)
        {
            info.Environment[name] = value;
        }

        var process = SpawnThread.Run(() => Process.Start(info)) ?? throw new InvalidOperationException($"{start.FileName} did not start.");
        return new ChildProcess(process, start);
    }

    /// <summary>Asks the program to end, and kills it when it has not after <paramref name="patience"/>.</summary>
    public async Task StopAsync(TimeSpan patience)
    {
        if (_process.HasExited)
        {
            return;
        }

        Native.Signal(_process.Id, _start.StopSignal);
        using var deadline = new CancellationTokenSource(patience);
        try
        {
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            Kill();
            await _process.WaitForExitAsync();
        }
    }

    /// <summary>Ends the program without asking it.</summary>
    public void Kill() => Native.Signal(_process.Id, UnixSignal.Kill);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(10));
        _process.Dispose();
    }

    private static IEnumerable<string> Options(ProgramStart start)
    {
        yield return "--pdeathsig";
        yield return start.StopSignal switch { UnixSignal.Interrupt => "INT", UnixSignal.Kill => "KILL", _ => "TERM" };
        if (start.RunAs is { } user && Native.IsRoot)
        {
            yield return $"--reuid={user}";
            yield return $"--regid={user}";
            yield return "--init-groups";
        }
    }
}

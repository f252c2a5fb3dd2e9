using System.Diagnostics;
using Workspaces.LocalSuite.Layout;
using Workspaces.LocalSuite.Supervision;

namespace Workspaces.LocalSuite.Commands;

/// <summary>Starts the suite in the background, shows its progress, and returns when it is ready or has failed.</summary>
internal static class DetachCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<int> ExecuteAsync(SuiteLayout layout, IReadOnlyList<string> arguments, TextWriter output)
    {
        if (InstanceLock.IsTaken(layout.LockFile))
        {
            await output.WriteLineAsync("The suite is already running.");
            return await FollowAsync(layout, supervisor: null, output);
        }

        Directory.CreateDirectory(layout.LogFolder);
        File.Delete(layout.SuiteLog);
        using var supervisor = Start(layout, arguments);
        return await FollowAsync(layout, supervisor, output);
    }

    /// <summary>A session of its own: neither Ctrl-C nor the end of this terminal concerns it.</summary>
    private static Process Start(SuiteLayout layout, IReadOnlyList<string> arguments)
    {
        var program = Environment.ProcessPath ?? throw new SuiteException("This program cannot tell how it was started.");
        var self = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, Environment.GetCommandLineArgs()[0]] : new[] { program };
        return Process.Start(new ProcessStartInfo(
            "/bin/sh",
            ["-c", "exec >>\"$0\" 2>&1 </dev/null; exec setsid \"$@\"", layout.SuiteLog, .. self, .. arguments.Where(argument => argument != "--detach")]))
            ?? throw new SuiteException("The suite did not start.");
    }

    private static async Task<int> FollowAsync(SuiteLayout layout, Process? supervisor, TextWriter output)
    {
        using var log = new LogFollower(layout.SuiteLog);
        while (true)
        {
            // The state first, then the log: what is said before a state is in the log by then.
            var state = SuiteState.Read(layout.StateFile);
            var ours = supervisor is null || state?.ProcessId == supervisor.Id;
            var gone = supervisor?.HasExited ?? !InstanceLock.IsTaken(layout.LockFile);
            await log.CopyNewAsync(output);
            if (gone)
            {
                return 1;
            }

            if (ours && state?.Phase == SuitePhase.Ready && File.Exists(layout.EnvironmentFile))
            {
                await log.CopyNewAsync(output);
                return 0;
            }

            await Task.Delay(Pause);
        }
    }
}

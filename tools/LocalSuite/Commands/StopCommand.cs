using System.Diagnostics;
using Workspaces.LocalSuite.Layout;
using Workspaces.LocalSuite.Processes;
using Workspaces.LocalSuite.Supervision;

namespace Workspaces.LocalSuite.Commands;

/// <summary>Stops the suite, or what is left of one that was killed. Nothing to stop is success.</summary>
internal static class StopCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<int> ExecuteAsync(SuiteLayout layout, TextWriter output)
    {
        if (!Directory.Exists(layout.Options.StateFolder))
        {
            await output.WriteLineAsync("Nothing is running.");
            return 0;
        }

        var supervised = await StopSupervisorAsync(layout);
        var left = await Leftovers.EndAsync(layout);
        await output.WriteLineAsync(supervised || left > 0 ? "Stopped." : "Nothing is running.");
        return 0;
    }

    private static async Task<bool> StopSupervisorAsync(SuiteLayout layout)
    {
        if (!InstanceLock.IsTaken(layout.LockFile))
        {
            return false;
        }

        // Whoever has just taken the lock may not have written its id yet; the id of an earlier one may be some other process by now.
        var asked = 0;
        var clock = Stopwatch.StartNew();
        while (InstanceLock.IsTaken(layout.LockFile))
        {
            if (SuiteState.Read(layout.StateFile)?.ProcessId is { } id && id != asked && ProcFileSystem.CommandLine(id).Contains("LocalSuite", StringComparison.Ordinal) && Native.Signal(id, UnixSignal.Terminate))
            {
                asked = id;
            }

            if (clock.Elapsed > Patience)
            {
                if (asked != 0)
                {
                    Native.Signal(asked, UnixSignal.Kill);
                }

                return true;
            }

            await Task.Delay(Pause);
        }

        return true;
    }
}

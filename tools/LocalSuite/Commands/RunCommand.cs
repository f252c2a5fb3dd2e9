using System.Runtime.InteropServices;
using Workspaces.LocalSuite.Components;
using Workspaces.LocalSuite.Layout;
using Workspaces.LocalSuite.Secrets;
using Workspaces.LocalSuite.Supervision;

namespace Workspaces.LocalSuite.Commands;

/// <summary>Starts the suite and stays until it is asked to stop (Ctrl-C, SIGTERM, the terminal goes away).</summary>
internal static class RunCommand
{
    public static async Task<int> ExecuteAsync(SuiteLayout layout, TextWriter output)
    {
        using var held = InstanceLock.TryTake(layout.LockFile);
        if (held is null)
        {
            await output.WriteLineAsync("The suite is already running:");
            return await StatusCommand.ExecuteAsync(layout, output);
        }

        using var stop = new CancellationTokenSource();
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

        var report = new ProgressReport(output);
        if (await Leftovers.EndAsync(layout) is > 0 and var count)
        {
            report.Say("suite", $"ended {count} processes of a run that was killed");
        }

        LogFolder.KeepOneGeneration(layout.LogFolder, except: layout.SuiteLog);
        var secrets = await SuiteSecrets.OpenAsync(layout, stop.Token);
        var components = new SuiteComponents(layout, secrets);
        await new Supervisor(layout, components.All, report).RunAsync(
            async () =>
            {
                EnvironmentFile.Write(layout, secrets, components);
                await output.WriteLineAsync(Summary.Of(layout, components));
            },
            stop.Token);
        report.Say("suite", "stopped");
        return 0;
    }
}

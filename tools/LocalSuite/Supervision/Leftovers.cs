using System.Diagnostics;
using Workspaces.LocalSuite.Layout;
using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Supervision;

/// <summary>Ends what a killed supervisor left. Its children got their signal from the kernel and may still be on their way out.</summary>
internal static class Leftovers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Waits for them, then kills the rest. Returns how many there were.</summary>
    public static async Task<int> EndAsync(SuiteLayout layout)
    {
        var marker = new Marker(layout.Options.StateFolder);
        var found = marker.Find();
        foreach (var id in found)
        {
            Native.Signal(id, UnixSignal.Terminate);
        }

        var clock = Stopwatch.StartNew();
        while (marker.Find().Count > 0 && clock.Elapsed < Patience)
        {
            await Task.Delay(Pause);
        }

        marker.KillLeftovers();
        return found.Count;
    }
}

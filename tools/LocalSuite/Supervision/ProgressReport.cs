using System.Diagnostics;

namespace Workspaces.LocalSuite.Supervision;

/// <summary>Lines for a person who waits: seconds since the start, component, what happened.</summary>
internal sealed class ProgressReport(TextWriter output)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();

    /// <summary>Says something about a component.</summary>
    public void Say(string component, string what)
    {
        lock (_lock)
        {
            output.WriteLine($"{_clock.Elapsed.TotalSeconds,7:0.0} s  {component,-14}{what}");
            output.Flush();
        }
    }
}

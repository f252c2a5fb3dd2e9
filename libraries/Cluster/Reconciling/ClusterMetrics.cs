using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Workspaces.Cluster.Reconciling;

/// <summary>Measurements and traces of the workers.</summary>
public static class ClusterMetrics
{
    /// <summary>Name of the meter and of the activity source.</summary>
    public const string Name = "Workspaces.Cluster";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<double> Duration =
        Meter.CreateHistogram<double>("workspaces.reconcile.duration", "s", "Time of one reconcile pass, by outcome.");

    /// <summary>Traces: what a command set off continues the command's trace.</summary>
    public static ActivitySource Source { get; } = new(Name);

    /// <summary>One pass has ended.</summary>
    internal static void Reconciled(string outcome, long began) =>
        Duration.Record(Stopwatch.GetElapsedTime(began).TotalSeconds, new KeyValuePair<string, object?>("outcome", outcome));
}

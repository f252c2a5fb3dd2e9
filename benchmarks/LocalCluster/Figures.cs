using System.Globalization;

namespace Workspaces.LocalCluster.Benchmarks;

/// <summary>Prints figures, one a line.</summary>
internal static class Figures
{
    public static void Print(string name, double value, string unit) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.0} {unit}"));

    /// <summary>Median and 99th percentile of milliseconds.</summary>
    public static void PrintPercentiles(string name, IEnumerable<double> milliseconds)
    {
        var sorted = milliseconds.Order().ToList();
        Print(name + "_p50", Percentile(sorted, 0.50), "ms");
        Print(name + "_p99", Percentile(sorted, 0.99), "ms");
    }

    /// <summary>The nearest-rank percentile.</summary>
    private static double Percentile(List<double> sorted, double share) => sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)];
}

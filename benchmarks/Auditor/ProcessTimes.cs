using System.Globalization;

namespace Workspaces.Auditor.Benchmarks;

/// <summary>Processor time from <c>/proc/PID/stat</c> (proc_pid_stat(5)).</summary>
internal static class ProcessTimes
{
    private const int TicksPerSecond = 100; // USER_HZ, the same on every Linux of today
    private const int Parent = 1;
    private const int FirstTime = 11; // utime, stime, and those of children that were waited for

    /// <summary>Milliseconds of a process and everything that it has started.</summary>
    public static double OfTree(int process)
    {
        var all = Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0)
            .Where(id => id > 0)
            .Select(id => (Id: id, Stat: StatOf(id)))
            .Where(one => one.Stat.Length > FirstTime + 3)
            .ToList();
        var tree = new HashSet<int> { process };
        for (var before = 0; before < tree.Count;) // one generation after the other
        {
            before = tree.Count;
            tree.UnionWith([.. all.Where(one => tree.Contains(int.Parse(one.Stat[Parent], CultureInfo.InvariantCulture))).Select(one => one.Id)]);
        }

        return all.Where(one => tree.Contains(one.Id)).Sum(one => one.Stat.Skip(FirstTime).Take(4).Sum(text => double.Parse(text, CultureInfo.InvariantCulture))) * 1000 / TicksPerSecond;
    }

    /// <summary>The fields after the name, which stands in parentheses and may have any sign in it.</summary>
    private static string[] StatOf(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return []; // it has ended
        }
    }
}

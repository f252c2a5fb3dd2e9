using System.Globalization;
using Workspaces.LocalCluster.Node;

namespace Workspaces.LocalCluster.Tests.Node;

/// <summary>Everything of a LocalCluster that is to be seen on this machine, by its state folder.</summary>
internal static class MachineTraces
{
    /// <summary>Processes in its cgroups or that see its mounts, mounts, interfaces and cgroups. Empty when it never ran.</summary>
    public static List<string> Of(string stateFolder)
    {
        var folders = new NodeFolders(stateFolder);
        return [.. Processes(folders), .. Interfaces(folders), .. Cgroups(folders)];
    }

    private static IEnumerable<string> Processes(NodeFolders folders)
    {
        var marks = new[] { $"workspaces-{folders.Id}", folders.State, folders.Runtime };
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _)))
        {
            foreach (var file in (string[])["cgroup", "mountinfo", "cmdline"])
            {
                if (marks.Any(mark => Read(Path.Combine(folder, file)).Contains(mark, StringComparison.Ordinal)))
                {
                    yield return $"process {Path.GetFileName(folder)} ({Read(Path.Combine(folder, "comm")).Trim()}) by its {file}";
                }
            }
        }
    }

    private static IEnumerable<string> Interfaces(NodeFolders folders) =>
        Directory.EnumerateFileSystemEntries("/sys/class/net").Select(Path.GetFileName).Where(name => name!.Contains(folders.Id, StringComparison.Ordinal)).Select(name => $"interface {name}");

    private static IEnumerable<string> Cgroups(NodeFolders folders) =>
        Directory.EnumerateDirectories("/sys/fs/cgroup", $"workspaces-{folders.Id}", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 }).Select(path => $"cgroup {path}");

    /// <summary>Processes end while one looks at them.</summary>
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}

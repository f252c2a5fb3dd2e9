using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Isolation;

/// <summary>
/// The node's branch of the cgroup tree: the list of its processes that is right whatever they forked. Works on cgroup v1
/// (one tree per controller) and v2 (one tree).
/// </summary>
internal sealed class NodeCgroups
{
    private const string Mount = "/sys/fs/cgroup";

    private readonly List<string> _trees;
    private readonly Dictionary<string, string> _controllers;

    public NodeCgroups(string nodeId)
    {
        Name = $"/workspaces-{nodeId}";
        IsUnified = File.Exists(Path.Combine(Mount, "cgroup.controllers"));
        _controllers = IsUnified ? [] : FindControllers();
        _trees = IsUnified ? [Mount] : [.. Mounts().Select(parts => parts[1])];
        if (_trees.Count == 0)
        {
            throw new InvalidOperationException(
                $"No cgroup hierarchy is mounted under {Mount}. The container runtime needs one: mount -t cgroup2 none {Mount}");
        }
    }

    /// <summary>Path of the branch within each tree.</summary>
    public string Name { get; }

    /// <summary>Cgroup v2: one tree for all controllers.</summary>
    public bool IsUnified { get; }

    /// <summary>The folder of a cgroup path in the tree of a controller; null where the machine has none for it.</summary>
    public string? Folder(string controller, string cgroup) =>
        IsUnified ? Mount + cgroup : _controllers.TryGetValue(controller, out var tree) ? tree + cgroup : null;

    /// <summary>Kills what still runs below a cgroup path (of this branch) and removes it from all trees.</summary>
    public async Task RemoveAsync(string cgroup, CancellationToken ct)
    {
        var folders = _trees.Select(tree => tree + cgroup).Where(Directory.Exists).ToList();
        var deadline = DateTime.UtcNow.AddSeconds(10);
        foreach (var folder in folders)
        {
            while (!TryRemove(folder))
            {
                if (DateTime.UtcNow > deadline)
                {
                    throw new IOException($"Processes in {folder} did not end although they were killed; see {folder}/cgroup.procs.");
                }

                KillAll(folder);
                await Task.Delay(5, ct);
            }
        }
    }

    /// <summary>Kills every process below a cgroup path.</summary>
    public void Kill(string cgroup)
    {
        foreach (var folder in _trees.Select(tree => tree + cgroup).Where(Directory.Exists))
        {
            KillAll(folder);
        }
    }

    private static IEnumerable<string[]> Mounts() =>
        File.ReadLines("/proc/self/mounts").Select(line => line.Split(' ')).Where(parts => parts[2] is "cgroup" or "cgroup2");

    private static Dictionary<string, string> FindControllers()
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parts in Mounts().Where(parts => parts[2] == "cgroup"))
        {
            foreach (var option in parts[3].Split(','))
            {
                found.TryAdd(option, parts[1]);
            }
        }

        return found;
    }

    private static void KillAll(string folder)
    {
        foreach (var branch in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            foreach (var line in File.ReadLines(Path.Combine(branch, "cgroup.procs")))
            {
                // 0 stands for a process of a foreign PID namespace, which cannot be addressed from here.
                if (int.Parse(line, System.Globalization.CultureInfo.InvariantCulture) is > 0 and var processId)
                {
                    Libc.Kill(processId, Libc.SignalKill);
                }
            }
        }
    }

    /// <summary>Removes a folder of the tree from the leaves up; false when one is still in use.</summary>
    private static bool TryRemove(string folder)
    {
        try
        {
            foreach (var child in Directory.EnumerateDirectories(folder))
            {
                if (!TryRemove(child))
                {
                    return false;
                }
            }

            Directory.Delete(folder);
            return true;
        }
        catch (DirectoryNotFoundException)
        {
            return true;
        }
        catch (IOException)
        {
            // EBUSY: processes are still in it. The caller kills them and tries again until its deadline.
            return false;
        }
    }
}

using System.Globalization;
using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Isolation;

/// <summary>
/// Tells whether the kernel killed in a container for its memory. On cgroup v1 the kernel signals a counter for it, and once more when the cgroup goes, which
/// the runtime removes at once: a signal while the cgroup is there, or two, mean that it did. On v2 the pod's own cgroup, which stays, counts the kills below it.
/// </summary>
internal sealed class OutOfMemoryWatch
{
    private const int Killed = 137;
    private const int GoneMilliseconds = 1000;

    private readonly Func<int, Task<bool>> _happened;

    private OutOfMemoryWatch(Func<int, Task<bool>> happened) => _happened = happened;

    /// <summary>Begins to watch a cgroup that a container is about to be started in; it is made where it is missing.</summary>
    /// <param name="cgroups">The node's cgroups.</param>
    /// <param name="podCgroup">The pod's cgroup.</param>
    /// <param name="cgroup">The container's, below it.</param>
    public static OutOfMemoryWatch Start(NodeCgroups cgroups, string podCgroup, string cgroup)
    {
        if (cgroups.Folder("memory", cgroup) is not { } folder)
        {
            return new OutOfMemoryWatch(_ => Task.FromResult(false));
        }

        return cgroups.IsUnified ? StartUnified(cgroups.Folder("memory", podCgroup)!) : StartSignalled(folder);
    }

    /// <summary>Whether it happened in a container that ended with an exit code.</summary>
    public Task<bool> HappenedAsync(int exitCode) => _happened(exitCode);

    private static OutOfMemoryWatch StartUnified(string podFolder)
    {
        var before = Kills(podFolder);
        return new OutOfMemoryWatch(exitCode => Task.FromResult(exitCode == Killed && Kills(podFolder) > before));
    }

    private static long Kills(string folder)
    {
        var file = Path.Combine(folder, "memory.events");
        return File.Exists(file) && File.ReadLines(file).FirstOrDefault(line => line.StartsWith("oom_kill ", StringComparison.Ordinal)) is { } line
            ? long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)
            : 0;
    }

    private static OutOfMemoryWatch StartSignalled(string folder)
    {
        Directory.CreateDirectory(folder);
        var counter = Libc.NewCounter();
        using (var control = File.OpenHandle(Path.Combine(folder, "memory.oom_control")))
        {
            File.WriteAllText(Path.Combine(folder, "cgroup.event_control"), string.Create(CultureInfo.InvariantCulture, $"{counter} {(int)control.DangerousGetHandle()}"));
        }

        var seen = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() => seen.SetResult(Wait(folder, counter)), maxStackSize: 128 * 1024) { IsBackground = true, Name = "out of memory" }.Start();
        return new OutOfMemoryWatch(async exitCode => seen.Task.IsCompletedSuccessfully ? await seen.Task : exitCode == Killed && await seen.Task);
    }

    private static bool Wait(string folder, int counter)
    {
        try
        {
            var count = Libc.ReadCounter(counter, milliseconds: -1);
            return count > 1 || Directory.Exists(folder) || Libc.ReadCounter(counter, GoneMilliseconds) > 0;
        }
        finally
        {
            Libc.Close(counter);
        }
    }
}

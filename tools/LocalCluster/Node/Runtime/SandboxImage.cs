namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>
/// The root file system of every pod's sandbox: nothing but a program that waits and reaps, as a real node's pause image. It
/// is PID 1 of pods that share their process namespace.
/// </summary>
internal static class SandboxImage
{
    /// <summary>What the sandbox runs.</summary>
    public static readonly IReadOnlyList<string> Command = ["/pause", "--", "/sleep", "infinity"];

    private static readonly (string Name, string Source, string Package)[] Programs =
    [
        ("pause", "/usr/bin/tini-static", "tini"),
        ("sleep", "/bin/busybox", "busybox-static"),
    ];

    public static void Prepare(string folder)
    {
        foreach (var mountPoint in (ReadOnlySpan<string>)["proc", "dev", "sys"])
        {
            Directory.CreateDirectory(Path.Combine(folder, mountPoint));
        }

        foreach (var (name, source, package) in Programs)
        {
            if (!File.Exists(source))
            {
                throw new InvalidOperationException($"{source} is missing. Install the package {package}.");
            }

            File.Copy(source, Path.Combine(folder, name), overwrite: true);
        }
    }
}

using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Volumes;

/// <summary>
/// Writes a set of files so that readers see the old set or the new one, never a mixture: files live in a folder with a
/// new name each time, <c>..data</c> is a symbolic link to it that is replaced in one step, and what users see are links
/// through <c>..data</c>. The layout is the kubelet's, on which programs that watch such volumes rely.
/// </summary>
internal static class AtomicVolume
{
    private const string DataLink = "..data";

    /// <summary>Writes the files where they differ from what is there.</summary>
    public static void Write(string folder, IReadOnlyList<VolumeFile> files, int? group)
    {
        Directory.CreateDirectory(folder);
        if (Matches(folder, files))
        {
            return;
        }

        var version = Path.Combine(folder, $"..{DateTime.UtcNow:yyyy_MM_dd_HH_mm_ss}.{Random.Shared.Next()}");
        CreateFolder(version, group);
        foreach (var file in files)
        {
            WriteFile(version, file, group);
        }

        var previous = new FileInfo(Path.Combine(folder, DataLink)).LinkTarget is { } target ? Path.Combine(folder, target) : null;
        ReplaceLink(Path.Combine(folder, DataLink), Path.GetFileName(version));
        var names = files.Select(file => file.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var link = Path.Combine(folder, name);
            if (!Path.Exists(link))
            {
                ReplaceLink(link, $"{DataLink}/{name}");
            }
        }

        foreach (var stale in Directory.EnumerateFileSystemEntries(folder).Where(entry => !Path.GetFileName(entry).StartsWith("..", StringComparison.Ordinal)))
        {
            if (!names.Contains(Path.GetFileName(stale)))
            {
                File.Delete(stale);
            }
        }

        if (previous is not null && Directory.Exists(previous))
        {
            Directory.Delete(previous, recursive: true);
        }
    }

    private static bool Matches(string folder, IReadOnlyList<VolumeFile> files)
    {
        var data = Path.Combine(folder, DataLink);
        return Directory.Exists(data)
            && Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories).Count() == files.Count
            && files.All(file => Path.Combine(data, file.Path) is var path && File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(file.Content));
    }

    private static void WriteFile(string version, VolumeFile file, int? group)
    {
        var path = Path.Combine(version, file.Path);
        for (var parent = Path.GetDirectoryName(file.Path); !string.IsNullOrEmpty(parent); parent = Path.GetDirectoryName(parent))
        {
            CreateFolder(Path.Combine(version, parent), group);
        }

        File.WriteAllBytes(path, file.Content);
        if (group is { } gid)
        {
            Libc.ChangeOwner(path, -1, gid);
        }

        File.SetUnixFileMode(path, group is null ? file.Mode : file.Mode | UnixFileMode.UserRead | UnixFileMode.GroupRead);
    }

    private static void CreateFolder(string path, int? group)
    {
        Directory.CreateDirectory(path);
        var mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        if (group is { } gid)
        {
            Libc.ChangeOwner(path, -1, gid);
            mode |= UnixFileMode.SetGroup;
        }

        File.SetUnixFileMode(path, mode);
    }

    private static void ReplaceLink(string link, string target)
    {
        var temporary = link + "_tmp";
        File.Delete(temporary);
        File.CreateSymbolicLink(temporary, target);
        Libc.Rename(temporary, link);
    }
}

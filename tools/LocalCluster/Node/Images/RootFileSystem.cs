using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Images;

/// <summary>
/// Makes a container's root file system: an overlay whose lower layer is the image and whose upper layer is a folder of the
/// container. The mount exists only inside the node's namespaces.
/// </summary>
internal sealed class RootFileSystem(NodeNamespaces namespaces, string stateFolder)
{
    private const string OpaqueAttribute = "trusted.overlay.opaque";

    private static readonly (string Path, UnixFileMode Mode)[] HostImageFolders =
    [
        ("root", Mode(0b111_000_000)),
        ("home", Mode(0b111_101_101)),
        ("run", Mode(0b111_101_101)),
        ("var", Mode(0b111_101_101)),
        ("tmp", Mode(0b111_111_111) | UnixFileMode.StickyBit),
    ];

    /// <summary>Mounts the image at <paramref name="containerFolder"/>/rootfs and returns that path.</summary>
    public async Task<string> MountAsync(ImageDefinition image, string containerFolder, CancellationToken ct)
    {
        var (upper, work, target) = (Path.Combine(containerFolder, "upper"), Path.Combine(containerFolder, "work"), Path.Combine(containerFolder, "rootfs"));
        var lower = image.Folder ?? "/";
        if (!Directory.Exists(lower))
        {
            throw new ImageFileException($"The folder {lower} of image {image.Name} does not exist.");
        }

        foreach (var path in (ReadOnlySpan<string>)[lower, upper])
        {
            if (path.AsSpan().IndexOfAny(":,\\") >= 0)
            {
                throw new ImageFileException($"The path {path} cannot be an overlay layer, because it contains a colon, comma or backslash. Use another folder.");
            }
        }

        Directory.CreateDirectory(upper);
        Directory.CreateDirectory(work);
        Directory.CreateDirectory(target);
        // The root of the overlay shows owner and mode of the upper folder.
        File.SetUnixFileMode(upper, Mode(0b111_101_101));
        if (image.Folder is null)
        {
            PrepareHostImage(upper, image.Mask);
        }

        ct.ThrowIfCancellationRequested();
        await namespaces.Mounts.MountAsync("overlay", target, "overlay", 0, $"lowerdir={lower},upperdir={upper},workdir={work}");
        return target;
    }

    /// <summary>Takes the mount away; with the node's namespaces gone it is gone already.</summary>
    public Task UnmountAsync(string containerFolder) => namespaces.Mounts.UnmountAsync(Path.Combine(containerFolder, "rootfs"));

    /// <summary>Folders of the machine whose content is none of a pod's business appear empty.</summary>
    private void PrepareHostImage(string upper, IEnumerable<string> mask)
    {
        var hidden = new List<string>();
        foreach (var (path, mode) in HostImageFolders)
        {
            Hide(upper, path, mode);
            hidden.Add(path);
        }

        foreach (var path in mask.Append(stateFolder).Where(Directory.Exists))
        {
            // A path below one that is hidden already is gone with it; making it again would show its name.
            var relative = path.Trim('/');
            if (!hidden.Any(folder => relative == folder || relative.StartsWith(folder + "/", StringComparison.Ordinal)))
            {
                Hide(upper, relative, Mode(0b111_101_101));
                hidden.Add(relative);
            }
        }

        foreach (var folder in (ReadOnlySpan<string>)["var/cache", "var/lib", "var/log", "var/spool", "run/lock"])
        {
            Directory.CreateDirectory(Path.Combine(upper, folder));
        }

        var temporary = Directory.CreateDirectory(Path.Combine(upper, "var/tmp"));
        temporary.UnixFileMode = Mode(0b111_111_111) | UnixFileMode.StickyBit;
        Link(upper, "var/run", "/run");
        Link(upper, "var/lock", "/run/lock");
    }

    /// <summary>Also where an earlier attempt got this far.</summary>
    private static void Link(string upper, string relative, string target)
    {
        var path = Path.Combine(upper, relative);
        File.Delete(path);
        File.CreateSymbolicLink(path, target);
    }

    private static void Hide(string upper, string relative, UnixFileMode mode)
    {
        var folder = Directory.CreateDirectory(Path.Combine(upper, relative));
        folder.UnixFileMode = mode;
        Libc.SetAttribute(folder.FullName, OpaqueAttribute, "y");
    }

    private static UnixFileMode Mode(int bits) => (UnixFileMode)bits;
}

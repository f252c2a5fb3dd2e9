using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Networking;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node;

/// <summary>
/// What the node takes of this machine: a lock on its state folder, namespaces, a cgroup, a bridge. Made in this order, after
/// clearing up what an earlier run that was killed has left; taken away in the reverse order.
/// </summary>
internal sealed record NodeSetup(NodeFolders Folders, FileStream Lock, NodeCgroups Cgroups, NodeNamespaces Namespaces, NodeNetwork Network, ServiceRouterNamespace Router, ImageCatalog Images)
{
    // Each exec'd command and each container occupies threads that wait for it; the pool must not be slow to add some.
    private const int LeastThreads = 64;

    private static readonly string[] PerRun = ["containers", "sandbox", "shm", "etc"];

    public static async Task<NodeSetup> CreateAsync(NodeOptions options, IReadOnlySet<string> podUids, ILogger log, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            throw new InvalidOperationException(
                "The node needs root on Linux: it makes namespaces, mounts and network interfaces for pods. Run LocalCluster as root.");
        }

        var folders = new NodeFolders(options.StateFolder);
        Directory.CreateDirectory(folders.Pods);
        File.SetUnixFileMode(folders.Node, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(folders.Runtime);
        var stateLock = LockState(folders);
        try
        {
            var cgroups = new NodeCgroups(folders.Id);
            await cgroups.RemoveAsync(cgroups.Name, ct);
            RemoveRemains(folders, podUids);
            SandboxImage.Prepare(folders.SandboxImage);
            ThreadPool.GetMinThreads(out var workers, out var io);
            ThreadPool.SetMinThreads(Math.Max(workers, LeastThreads), io);
            var namespaces = await NodeNamespaces.CreateAsync(ct);
            var network = await NodeNetwork.CreateAsync(folders, namespaces, options.PodRange is null ? null : Subnet.Parse(options.PodRange), ct);
            network.Retain(podUids);
            var router = await ServiceRouterNamespace.CreateAsync(namespaces, network, ct);
            return new NodeSetup(folders, stateLock, cgroups, namespaces, network, router, Catalog(options, log));
        }
        catch
        {
            await stateLock.DisposeAsync();
            throw;
        }
    }

    /// <summary>Takes away what is left when the namespaces, and with them every process and mount, are gone.</summary>
    public static async Task RemoveAsync(NodeNetwork network, NodeCgroups cgroups, NodeFolders folders)
    {
        await network.RemoveAsync(CancellationToken.None);
        await cgroups.RemoveAsync(cgroups.Name, CancellationToken.None);
        Directory.Delete(folders.Runtime, recursive: true);
    }

    private static FileStream LockState(NodeFolders folders)
    {
        var path = Path.Combine(folders.Node, "lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e)
        {
            throw new InvalidOperationException($"Another LocalCluster uses the state folder {folders.State}. Stop it first, or choose another folder with --state.", e);
        }
    }

    /// <summary>Deletes the files of runs before, but not the volumes of pods that still exist.</summary>
    private static void RemoveRemains(NodeFolders folders, IReadOnlySet<string> podUids)
    {
        foreach (var folder in Directory.EnumerateDirectories(folders.Runtime))
        {
            Directory.Delete(folder, recursive: true);
        }

        foreach (var file in Directory.EnumerateFiles(folders.Runtime))
        {
            File.Delete(file);
        }

        foreach (var pod in Directory.EnumerateDirectories(folders.Pods))
        {
            if (!podUids.Contains(Path.GetFileName(pod)))
            {
                Directory.Delete(pod, recursive: true);
                continue;
            }

            foreach (var remains in PerRun.Select(name => Path.Combine(pod, name)).Where(Directory.Exists))
            {
                Directory.Delete(remains, recursive: true);
            }
        }
    }

    private static ImageCatalog Catalog(NodeOptions options, ILogger log)
    {
        var catalog = new ImageCatalog(options.ImagesFolder ?? Path.Combine(options.StateFolder, "images"));
        try
        {
            catalog.All();
        }
        catch (ImageFileException e)
        {
            NodeLog.ImageProblem(log, e.Message);
        }

        return catalog;
    }
}

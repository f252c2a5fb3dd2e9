using System.Collections.Concurrent;
using System.Globalization;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Native;

namespace Workspaces.LocalCluster.Node.Volumes;

/// <summary>Makes the volumes of a pod and keeps those that show objects up to date. Owns the pod's volumes folder.</summary>
internal sealed class PodVolumes(NodeFolders folders, NodeNamespaces namespaces, IClusterApi api, ObjectFiles files)
{
    /// <summary>Memory volumes mounted by this node; a folder alone may be of a run before.</summary>
    private readonly ConcurrentDictionary<string, bool> _mounted = new(StringComparer.Ordinal);

    /// <summary>The folder or file of this machine behind each volume of the pod, made or brought up to date.</summary>
    /// <exception cref="VolumeNotReadyException">Something that a volume needs is not there yet.</exception>
    public async Task<IReadOnlyDictionary<string, string>> PrepareAsync(V1Pod pod, CancellationToken ct)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            try
            {
                ct.ThrowIfCancellationRequested();
                paths[volume.Name] = await PrepareAsync(pod, volume);
            }
            catch (VolumeNotReadyException e)
            {
                throw new VolumeNotReadyException($"MountVolume.SetUp failed for volume \"{volume.Name}\" : {e.Message}");
            }
        }

        return paths;
    }

    /// <summary>Unmounts and deletes the pod's volumes; claims keep their content.</summary>
    public async Task RemoveAsync(V1Pod pod)
    {
        foreach (var volume in pod.Spec.Volumes ?? [])
        {
            var path = folders.Volume(pod.Metadata.Uid, volume.Name);
            if (_mounted.TryRemove(path, out _))
            {
                await namespaces.Mounts.UnmountAsync(path);
            }
        }
    }

    private static int? Group(V1Pod pod) => (int?)pod.Spec.SecurityContext?.FsGroup;

    private async Task<string> PrepareAsync(V1Pod pod, V1Volume volume)
    {
        var ns = pod.Metadata.NamespaceProperty;
        var path = folders.Volume(pod.Metadata.Uid, volume.Name);
        switch (volume)
        {
            case { EmptyDir: { } source }:
                await PrepareEmptyAsync(pod, source, path);
                return path;
            case { ConfigMap: { } source }:
                AtomicVolume.Write(path, files.FromConfigMap(ns, source.Name, source.Items, source.Optional, source.DefaultMode), Group(pod));
                return path;
            case { Secret: { } source }:
                AtomicVolume.Write(path, files.FromSecret(ns, source.SecretName, source.Items, source.Optional, source.DefaultMode), Group(pod));
                return path;
            case { DownwardAPI: { } source }:
                AtomicVolume.Write(path, files.FromDownwardApi(pod, source.Items, source.DefaultMode), Group(pod));
                return path;
            case { Projected: { } source }:
                AtomicVolume.Write(path, files.FromProjection(pod, source), Group(pod));
                return path;
            case { HostPath: { } source }:
                return PrepareHostPath(source);
            case { PersistentVolumeClaim: { } source }:
                return PrepareClaim(pod, source);
            default:
                throw new VolumeNotReadyException(
                    "LocalCluster supports emptyDir, configMap, secret, downwardAPI, projected, persistentVolumeClaim and hostPath volumes only");
        }
    }

    private async Task PrepareEmptyAsync(V1Pod pod, V1EmptyDirVolumeSource source, string path)
    {
        var group = Group(pod);
        if (source.Medium == "Memory")
        {
            if (_mounted.ContainsKey(path))
            {
                return;
            }

            Directory.CreateDirectory(path);
            var size = source.SizeLimit is { } limit ? $",size={limit.ToInt64().ToString(CultureInfo.InvariantCulture)}" : "";
            var owner = group is null ? "mode=0777" : $"mode=2777,gid={group.Value.ToString(CultureInfo.InvariantCulture)}";
            await namespaces.Mounts.MountAsync("tmpfs", path, "tmpfs", 0, owner + size);
            _mounted[path] = true;
        }
        else if (!Directory.Exists(path))
        {
            Directory.CreateDirectory(path);
            OpenToGroup(path, group);
        }
    }

    private static void OpenToGroup(string path, int? group)
    {
        if (group is { } gid)
        {
            Libc.ChangeOwner(path, -1, gid);
        }

        File.SetUnixFileMode(path, (UnixFileMode)0b111_111_111 | (group is null ? 0 : UnixFileMode.SetGroup));
    }

    private static string PrepareHostPath(V1HostPathVolumeSource source)
    {
        var path = source.Path;
        switch (source.Type)
        {
            case "DirectoryOrCreate":
                Directory.CreateDirectory(path);
                break;
            case "FileOrCreate" when !File.Exists(path):
                File.WriteAllBytes(path, []);
                break;
            case "Directory" when !Directory.Exists(path):
                throw new VolumeNotReadyException($"hostPath type check failed: {path} is not a directory");
            case "File" when !File.Exists(path):
                throw new VolumeNotReadyException($"hostPath type check failed: {path} is not a file");
            case null or "" when !Path.Exists(path):
                // As container runtimes do for a bind mount without a check.
                Directory.CreateDirectory(path);
                break;
        }

        return path;
    }

    private string PrepareClaim(V1Pod pod, V1PersistentVolumeClaimVolumeSource source)
    {
        var claim = api.Get(ResourceTypes.PersistentVolumeClaims, pod.Metadata.NamespaceProperty, source.ClaimName)?.To<V1PersistentVolumeClaim>()
            ?? throw new VolumeNotReadyException($"persistentvolumeclaim \"{source.ClaimName}\" not found");
        if (claim.Status?.Phase != "Bound" || claim.Spec.VolumeName is null)
        {
            throw new VolumeNotReadyException($"PersistentVolumeClaim \"{source.ClaimName}\" is not bound");
        }

        var volume = api.Get(ResourceTypes.PersistentVolumes, null, claim.Spec.VolumeName)?.To<V1PersistentVolume>()
            ?? throw new VolumeNotReadyException($"persistentvolume \"{claim.Spec.VolumeName}\" not found");
        var path = volume.Spec.HostPath?.Path ?? volume.Spec.Local?.Path
            ?? throw new VolumeNotReadyException("LocalCluster supports persistent volumes of type hostPath and local only");
        Directory.CreateDirectory(path);
        if (Group(pod) is { } group)
        {
            ShareWithGroup(path, group);
        }

        return path;
    }

    /// <summary>Gives a claim's content to the pod's fsGroup, readable and writable, as a storage driver with fsGroup support does.</summary>
    private static void ShareWithGroup(string root, int group)
    {
        foreach (var entry in new DirectoryInfo(root).EnumerateFileSystemInfos("*", SearchOption.AllDirectories).Prepend(new DirectoryInfo(root)))
        {
            Libc.ChangeOwner(entry.FullName, -1, group);
            if (entry.LinkTarget is null)
            {
                var mode = entry.UnixFileMode | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.UserRead | UnixFileMode.UserWrite;
                entry.UnixFileMode = entry is DirectoryInfo ? mode | UnixFileMode.SetGroup | UnixFileMode.GroupExecute | UnixFileMode.UserExecute : mode;
            }
        }
    }
}

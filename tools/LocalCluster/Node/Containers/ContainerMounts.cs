using k8s.Models;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>What is mounted into a container: the pod's files, the image's extra folders, then the pod's volumes over them.</summary>
internal static class ContainerMounts
{
    public static IReadOnlyList<ContainerMount> Build(
        string podFolder, V1Container container, ImageDefinition image, IReadOnlyDictionary<string, string> volumes,
        IReadOnlyDictionary<string, string> environment, string terminationLog)
    {
        var etc = Path.Combine(podFolder, "etc");
        var mounts = new List<ContainerMount>
        {
            new(Path.Combine(etc, "hostname"), "/etc/hostname", false),
            new(Path.Combine(etc, "resolv.conf"), "/etc/resolv.conf", false),
            new(Path.Combine(etc, "hosts"), "/etc/hosts", false),
            new(Path.Combine(podFolder, "shm"), "/dev/shm", false),
            new(terminationLog, container.TerminationMessagePath ?? "/dev/termination-log", false),
        };
        foreach (var extra in image.Mounts)
        {
            if (!Path.Exists(extra.From))
            {
                throw new ContainerConfigException($"image {image.Name} mounts {extra.From}, which does not exist");
            }

            mounts.Add(new ContainerMount(extra.From, extra.To, extra.ReadOnly));
        }

        foreach (var mount in container.VolumeMounts ?? [])
        {
            if (!volumes.TryGetValue(mount.Name, out var source))
            {
                throw new ContainerConfigException($"volume \"{mount.Name}\" of container {container.Name} is not part of the pod");
            }

            var sub = mount.SubPath;
            if (!string.IsNullOrEmpty(mount.SubPathExpr))
            {
                sub = VariableReferences.Missing(mount.SubPathExpr, environment) is { } missing
                    ? throw new ContainerConfigException($"missing value for \"{missing}\"")
                    : VariableReferences.Expand(mount.SubPathExpr, environment);
            }

            mounts.Add(new ContainerMount(SubPath(source, sub, mount), mount.MountPath, mount.ReadOnlyProperty == true)
            {
                Propagation = mount.MountPropagation switch
                {
                    "HostToContainer" => "rslave",
                    "Bidirectional" => "rshared",
                    _ => "rprivate",
                },
                RecursiveReadOnly = mount.ReadOnlyProperty == true && mount.RecursiveReadOnly is "Enabled" or "IfPossible",
            });
        }

        // The last mount of a destination counts: a pod may mask what an image brings.
        return [.. mounts.GroupBy(mount => mount.Destination.TrimEnd('/')).Select(group => group.Last())];
    }

    private static string SubPath(string source, string? sub, V1VolumeMount mount)
    {
        if (string.IsNullOrEmpty(sub))
        {
            return source;
        }

        var path = source;
        foreach (var part in sub.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                throw new ContainerConfigException($"the subPath {sub} of volume \"{mount.Name}\" must not contain '..'");
            }

            path = Path.Combine(path, part);
            // A link that a program put into its volume must not lead a mount out of it.
            if (new FileInfo(path).LinkTarget is not null && File.ResolveLinkTarget(path, returnFinalTarget: true) is { } target)
            {
                path = target.FullName.StartsWith(source + "/", StringComparison.Ordinal)
                    ? target.FullName
                    : throw new ContainerConfigException($"the subPath {sub} of volume \"{mount.Name}\" leads out of the volume");
            }
        }

        if (!Path.Exists(path))
        {
            Directory.CreateDirectory(path);
        }

        return path;
    }
}

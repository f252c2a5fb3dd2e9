using k8s.Models;

namespace Workspaces.LocalCluster.Node.Volumes;

/// <summary>What a pod writes to this machine's disk, against the limits that it has for that; the words are the kubelet's.</summary>
internal static class EphemeralStorage
{
    private const string Resource = "ephemeral-storage";

    /// <summary>Whether anything of the pod's disk use is limited.</summary>
    public static bool IsLimited(V1Pod pod) =>
        OnDisk(pod).Any() || pod.Spec.Containers.Any(container => Limit(container.Resources) is not null) || Limit(pod.Spec.Resources) is not null;

    /// <summary>Why the pod must be evicted; null when it keeps to its limits.</summary>
    public static string? Excess(V1Pod pod, NodeFolders folders)
    {
        var uid = pod.Metadata.Uid;
        foreach (var volume in OnDisk(pod))
        {
            var limit = volume.EmptyDir.SizeLimit!;
            if (Usage(folders.Volume(uid, volume.Name)) > limit.ToDecimal())
            {
                return $"Usage of EmptyDir volume \"{volume.Name}\" exceeds the limit \"{limit}\". ";
            }
        }

        var used = pod.Spec.Containers.ToDictionary(
            container => container.Name, container => Usage(Path.Combine(folders.Pod(uid), "containers", container.Name)) + Usage(folders.ContainerLogs(uid, container.Name)));
        var limits = pod.Spec.Containers.Select(container => Limit(container.Resources)).ToList();
        if (Limit(pod.Spec.Resources) is { } || limits.All(limit => limit is not null))
        {
            var total = Limit(pod.Spec.Resources)?.ToDecimal() ?? limits.Sum(limit => limit!.ToDecimal());
            var volumes = (pod.Spec.Volumes ?? []).Where(volume => volume.EmptyDir is { Medium: null or "" }).Sum(volume => Usage(folders.Volume(uid, volume.Name)));
            if (used.Values.Sum() + volumes > total)
            {
                var text = Limit(pod.Spec.Resources)?.ToString() ?? (limits.Count == 1 ? limits[0]!.ToString() : new ResourceQuantity(total, 0, ResourceQuantity.SuffixFormat.BinarySI).ToString());
                return $"Pod ephemeral local storage usage exceeds the total limit of containers {text}. ";
            }
        }

        foreach (var container in pod.Spec.Containers)
        {
            if (Limit(container.Resources) is { } limit && used[container.Name] > limit.ToDecimal())
            {
                return $"Container {container.Name} exceeded its local ephemeral storage limit \"{limit}\". ";
            }
        }

        return null;
    }

    private static IEnumerable<V1Volume> OnDisk(V1Pod pod) =>
        (pod.Spec.Volumes ?? []).Where(volume => volume.EmptyDir is { Medium: null or "", SizeLimit: { } limit } && limit.ToDecimal() > 0);

    private static ResourceQuantity? Limit(V1ResourceRequirements? resources) =>
        resources?.Limits?.TryGetValue(Resource, out var limit) == true && limit.ToDecimal() > 0 ? limit : null;

    /// <summary>Bytes in a folder. The overlay's merged view of a container is a mount of another namespace and so not seen here.</summary>
    private static long Usage(string folder)
    {
        if (!Directory.Exists(folder))
        {
            return 0;
        }

        var options = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true };
        long total = 0;
        foreach (var file in new DirectoryInfo(folder).EnumerateFiles("*", options))
        {
            try
            {
                total += file.Length;
            }
            catch (FileNotFoundException)
            {
                // Deleted while it was counted: it no longer uses anything.
            }
        }

        return total;
    }
}

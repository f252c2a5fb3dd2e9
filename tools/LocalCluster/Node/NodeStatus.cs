using System.Globalization;
using k8s.Models;
using Workspaces.LocalCluster.Node.Images;
using Workspaces.LocalCluster.Node.Networking;

namespace Workspaces.LocalCluster.Node;

/// <summary>What the node says of itself: the machine's resources, system and health.</summary>
internal sealed class NodeStatus(NodeOptions options, NodeNetwork network, ImageCatalog images)
{
    private const int MostImages = 50;

    /// <summary>The status now; conditions keep their times of transition from the one before.</summary>
    public V1NodeStatus Build(V1NodeStatus? before, DateTime now)
    {
        var known = before?.Conditions?.ToDictionary(condition => condition.Type) ?? [];
        V1NodeCondition Condition(string type, bool value, string reason, string message)
        {
            var status = value ? "True" : "False";
            return new V1NodeCondition
            {
                Type = type,
                Status = status,
                Reason = reason,
                Message = message,
                LastHeartbeatTime = now,
                LastTransitionTime = known.TryGetValue(type, out var last) && last.Status == status ? last.LastTransitionTime : now,
            };
        }

        var resources = new Dictionary<string, ResourceQuantity>
        {
            ["cpu"] = new(Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            ["memory"] = new(MemoryTotal()),
            ["pods"] = new(options.MaxPods.ToString(CultureInfo.InvariantCulture)),
            ["ephemeral-storage"] = new((new DriveInfo(options.StateFolder).TotalSize / 1024).ToString(CultureInfo.InvariantCulture) + "Ki"),
        };
        return new V1NodeStatus
        {
            Capacity = resources,
            Allocatable = resources,
            Addresses = [new V1NodeAddress { Type = "InternalIP", Address = network.HostAddress.ToString() }, new V1NodeAddress { Type = "Hostname", Address = options.Name }],
            Conditions =
            [
                Condition("MemoryPressure", false, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                Condition("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                Condition("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                Condition("Ready", true, "KubeletReady", "kubelet is posting ready status"),
            ],
            NodeInfo = Information(),
            Images = Images(),
        };
    }

    public static string Architecture() =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    private static string MemoryTotal()
    {
        var line = File.ReadLines("/proc/meminfo").First(text => text.StartsWith("MemTotal:", StringComparison.Ordinal));
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] + "Ki";
    }

    private static V1NodeSystemInfo Information() => new()
    {
        Architecture = Architecture(),
        OperatingSystem = "linux",
        OsImage = OperatingSystemName() ?? "Linux",
        KernelVersion = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
        ContainerRuntimeVersion = "containerd://localcluster-crun",
        KubeletVersion = "v1.36.0-localcluster",
        KubeProxyVersion = "",
        MachineID = Line("/etc/machine-id"),
        SystemUUID = Line("/etc/machine-id"),
        BootID = Line("/proc/sys/kernel/random/boot_id"),
    };

    private static string Line(string file) => File.Exists(file) ? File.ReadAllText(file).Trim() : "";

    private static string? OperatingSystemName() =>
        File.Exists("/etc/os-release")
            ? File.ReadLines("/etc/os-release").FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?["PRETTY_NAME=".Length..].Trim('"')
            : null;

    private List<V1ContainerImage> Images()
    {
        try
        {
            return
            [
                .. images.All().SelectMany(image => (image.Tags.Count == 0 ? ["latest"] : image.Tags).Select(tag => $"{image.Name}:{tag}")).Take(MostImages)
                    .Select(name => new V1ContainerImage { Names = [name], SizeBytes = 0 }),
            ];
        }
        catch (ImageFileException)
        {
            // A file that cannot be read is reported at the start and by the pods that want its images.
            return [];
        }
    }
}

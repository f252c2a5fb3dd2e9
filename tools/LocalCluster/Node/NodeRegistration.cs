using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Node;

/// <summary>Keeps the node's object and its heartbeat lease in the API.</summary>
internal sealed class NodeRegistration(NodeOptions options, IClusterApi api, IPAddress address, TimeProvider time, ILogger log)
{
    private const string FieldManager = "kubelet";
    private const string LeaseNamespace = "kube-node-lease";
    private const int LeaseSeconds = 40;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);

    /// <summary>Makes or renews the node object, ready.</summary>
    public async Task RegisterAsync(CancellationToken ct)
    {
        if (api.Get(ResourceTypes.Nodes, null, options.Name) is null)
        {
            await api.CreateAsync(ResourceTypes.Nodes, null, NewNode(), FieldManager, ct);
        }

        await WriteStatusAsync(ct);
        await RenewLeaseAsync(ct);
    }

    /// <summary>Renews the lease until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        using var timer = new PeriodicTimer(Heartbeat, time);
        while (await timer.WaitForNextTickAsync(ct))
        {
            try
            {
                await RegisterAsync(ct);
            }
            catch (ApiStatusException e)
            {
                NodeLog.HeartbeatFailed(log, e);
            }
        }
    }

    private static string MemoryTotal()
    {
        var line = File.ReadLines("/proc/meminfo").First(text => text.StartsWith("MemTotal:", StringComparison.Ordinal));
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1] + "Ki";
    }

    private static string? OperatingSystemName() =>
        File.Exists("/etc/os-release")
            ? File.ReadLines("/etc/os-release").FirstOrDefault(line => line.StartsWith("PRETTY_NAME=", StringComparison.Ordinal))?["PRETTY_NAME=".Length..].Trim('"')
            : null;

    private static string Architecture() =>
        System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    private JsonObject NewNode() => KubernetesModel.ToJson(new V1Node
    {
        ApiVersion = "v1",
        Kind = "Node",
        Metadata = new V1ObjectMeta
        {
            Name = options.Name,
            Labels = new Dictionary<string, string>
            {
                ["kubernetes.io/hostname"] = options.Name,
                ["kubernetes.io/os"] = "linux",
                ["kubernetes.io/arch"] = Architecture(),
                ["node-role.kubernetes.io/control-plane"] = "",
            },
        },
        Spec = new V1NodeSpec(),
    });

    private async Task WriteStatusAsync(CancellationToken ct)
    {
        var node = api.Get(ResourceTypes.Nodes, null, options.Name)!;
        var before = node.To<V1Node>().Status?.Conditions?.ToDictionary(condition => condition.Type) ?? [];
        var now = time.GetUtcNow().UtcDateTime;
        V1NodeCondition Condition(string type, bool value, string reason, string message) => new()
        {
            Type = type,
            Status = value ? "True" : "False",
            Reason = reason,
            Message = message,
            LastHeartbeatTime = now,
            LastTransitionTime = before.TryGetValue(type, out var known) && known.Status == (value ? "True" : "False") ? known.LastTransitionTime : now,
        };

        var resources = new Dictionary<string, ResourceQuantity>
        {
            ["cpu"] = new(Environment.ProcessorCount.ToString(CultureInfo.InvariantCulture)),
            ["memory"] = new(MemoryTotal()),
            ["pods"] = new(options.MaxPods.ToString(CultureInfo.InvariantCulture)),
            ["ephemeral-storage"] = new((new DriveInfo(options.StateFolder).TotalSize / 1024).ToString(CultureInfo.InvariantCulture) + "Ki"),
        };
        node["status"] = KubernetesModel.ToJson(new V1NodeStatus
        {
            Capacity = resources,
            Allocatable = resources,
            Addresses = [new V1NodeAddress { Type = "InternalIP", Address = address.ToString() }, new V1NodeAddress { Type = "Hostname", Address = options.Name }],
            Conditions =
            [
                Condition("MemoryPressure", false, "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
                Condition("DiskPressure", false, "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
                Condition("PIDPressure", false, "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
                Condition("Ready", true, "KubeletReady", "kubelet is posting ready status"),
            ],
            NodeInfo = new V1NodeSystemInfo
            {
                Architecture = Architecture(),
                OperatingSystem = "linux",
                OsImage = OperatingSystemName() ?? "Linux",
                KernelVersion = File.ReadAllText("/proc/sys/kernel/osrelease").Trim(),
                ContainerRuntimeVersion = "containerd://localcluster-crun",
                KubeletVersion = "v1.36.0-localcluster",
                KubeProxyVersion = "",
                MachineID = "",
                SystemUUID = "",
                BootID = "",
            },
        });
        try
        {
            await api.UpdateAsync(ResourceTypes.Nodes, node, FieldManager, "status", ct);
        }
        catch (ApiStatusException e) when (e.IsConflict)
        {
            // Someone labelled the node meanwhile; the next heartbeat writes the status.
        }
    }

    private async Task RenewLeaseAsync(CancellationToken ct)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (api.Get(ResourceTypes.Leases, LeaseNamespace, options.Name) is { } lease)
        {
            lease["spec"]!["renewTime"] = now.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);
            lease["metadata"]!.AsObject().Remove("resourceVersion");
            await api.UpdateAsync(ResourceTypes.Leases, lease, FieldManager, ct: ct);
            return;
        }

        await api.CreateAsync(ResourceTypes.Leases, LeaseNamespace, KubernetesModel.ToJson(new V1Lease
        {
            ApiVersion = "coordination.k8s.io/v1",
            Kind = "Lease",
            Metadata = new V1ObjectMeta { Name = options.Name, NamespaceProperty = LeaseNamespace },
            Spec = new V1LeaseSpec { HolderIdentity = options.Name, LeaseDurationSeconds = LeaseSeconds, RenewTime = now },
        }), FieldManager, ct);
    }
}

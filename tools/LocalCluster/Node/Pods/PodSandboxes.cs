using k8s.Models;
using Workspaces.LocalCluster.Node.Containers;
using Workspaces.LocalCluster.Node.Isolation;
using Workspaces.LocalCluster.Node.Native;
using Workspaces.LocalCluster.Node.Runtime;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>Makes and removes pods' sandboxes: the namespaces, the address and the files that a pod's containers share.</summary>
internal sealed class PodSandboxes(NodeParts node)
{
    private const string SharedMemorySize = "64m";

    public async Task<PodSandbox> CreateAsync(V1Pod pod, CancellationToken ct)
    {
        var uid = pod.Metadata.Uid;
        var folder = node.Folders.Pod(uid);
        var shared = pod.Spec.HostNetwork == true;
        var spec = new ContainerSpec
        {
            Id = ContainerIds.New(),
            Bundle = Path.Combine(folder, "sandbox"),
            RootFileSystem = node.Folders.SandboxImage,
            Arguments = SandboxImage.Command,
            Environment = [],
            WorkingDir = "/",
            User = new ContainerUser(0, 0, []),
            Cgroup = $"{node.Cgroups.Name}/pod{uid}/sandbox",
            ReadOnlyRoot = true,
            NoNewPrivileges = true,
            Capabilities = [],
            HostName = shared ? null : PodHostName.Of(pod),
            Namespaces = new NamespacePlan
            {
                Network = shared ? null : NamespacePlan.New,
                Uts = shared ? null : NamespacePlan.New,
                Ipc = pod.Spec.HostIPC == true ? null : NamespacePlan.New,
                Pid = pod.Spec.HostPID == true ? null : NamespacePlan.New,
            },
            Sysctls = (pod.Spec.SecurityContext?.Sysctls ?? []).ToDictionary(sysctl => sysctl.Name, sysctl => sysctl.Value),
        };
        var processId = await node.Runtime.RunDetachedAsync(spec, ct);
        PodCgroup.Apply(node.Cgroups, PodCgroup.Path(node.Cgroups, uid), PodCgroup.Limits(pod), node.PodPidsLimit);
        var address = shared ? node.Network.HostAddress : await node.Network.AttachAsync(uid, processId, ct);
        PodFiles.Write(Path.Combine(folder, "etc"), pod, address, node.DnsAddress);
        var memory = Path.Combine(folder, "shm");
        Directory.CreateDirectory(memory);
        await node.Namespaces.Mounts.MountAsync(
            "shm", memory, "tmpfs", Libc.MountNoSetUserId | Libc.MountNoDevices | Libc.MountNoExecution, $"mode=1777,size={SharedMemorySize}");
        return new PodSandbox(spec, processId, address);
    }

    public async Task RemoveAsync(V1Pod pod, PodSandbox sandbox, CancellationToken ct)
    {
        await node.Runtime.DeleteAsync(sandbox.Spec, ct);
        if (pod.Spec.HostNetwork != true)
        {
            await node.Network.DetachAsync(pod.Metadata.Uid, ct);
        }

        await node.Namespaces.Mounts.UnmountAsync(Path.Combine(node.Folders.Pod(pod.Metadata.Uid), "shm"));
        await node.Cgroups.RemoveAsync($"{node.Cgroups.Name}/pod{pod.Metadata.Uid}", ct);
    }
}

using System.Net;

namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>A running sandbox: the process that holds a pod's namespaces, and the pod's address in them.</summary>
internal sealed record PodSandbox(ContainerSpec Spec, int NodeProcessId, IPAddress Address)
{
    /// <summary>The namespaces for a container of this pod.</summary>
    public NamespacePlan NamespacesFor(bool hostNetwork, bool hostPid, bool hostIpc, int? processNamespaceOf)
    {
        string Join(string kind, int processId) => $"/proc/{processId}/ns/{kind}";
        return new NamespacePlan
        {
            Network = hostNetwork ? null : Join("net", NodeProcessId),
            Ipc = hostIpc ? null : Join("ipc", NodeProcessId),
            Uts = hostNetwork ? null : Join("uts", NodeProcessId),
            Pid = hostPid ? null : processNamespaceOf is { } target ? Join("pid", target) : NamespacePlan.New,
        };
    }
}

using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>None of the node's network, PID and IPC namespaces.</summary>
internal sealed class HostNamespacesCheck() : SecurityCheck("hostNamespaces", PolicyLevel.Baseline)
{
    private static readonly string[] Fields = ["hostNetwork", "hostPID", "hostIPC"];

    public override Violation? Check(SecuredPod pod, int minor)
    {
        var shared = Fields.Where(f => pod.Spec.Flag(f) == true).Select(f => $"{f}=true").ToList();
        return shared.Count == 0 ? null : new Violation("host namespaces", string.Join(", ", shared));
    }
}

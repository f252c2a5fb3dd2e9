using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>Only kernel parameters that concern the pod's namespaces alone.</summary>
internal sealed class SysctlsCheck() : SecurityCheck("sysctls", PolicyLevel.Baseline)
{
    /// <summary>Allowed parameters, and the minor version since which they are.</summary>
    private static readonly Dictionary<string, int> Allowed = new()
    {
        ["kernel.shm_rmid_forced"] = 0,
        ["net.ipv4.ip_local_port_range"] = 0,
        ["net.ipv4.tcp_syncookies"] = 0,
        ["net.ipv4.ping_group_range"] = 0,
        ["net.ipv4.ip_unprivileged_port_start"] = 0,
        ["net.ipv4.ip_local_reserved_ports"] = 27,
        ["net.ipv4.tcp_keepalive_time"] = 29,
        ["net.ipv4.tcp_fin_timeout"] = 29,
        ["net.ipv4.tcp_keepalive_intvl"] = 29,
        ["net.ipv4.tcp_keepalive_probes"] = 29,
        ["net.ipv4.tcp_rmem"] = 32,
        ["net.ipv4.tcp_wmem"] = 32,
    };

    public override Violation? Check(SecuredPod pod, int minor)
    {
        var bad = pod.Context.Objects("sysctls").Select(s => s.Text("name") ?? "").Where(n => !Allowed.TryGetValue(n, out var since) || since > minor).ToList();
        return bad.Count == 0 ? null : new Violation("forbidden sysctls", string.Join(", ", bad));
    }
}

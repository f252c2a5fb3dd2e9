using k8s.Models;

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>
/// What a pod may ask for that this node cannot give. Saying so ends the pod at once: running it without would look as if it had what it asked for.
/// </summary>
internal static class PodSupport
{
    /// <summary>https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/#safe-and-unsafe-sysctls</summary>
    private static readonly string[] SafeSysctls =
    [
        "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_unprivileged_port_start",
        "net.ipv4.ip_local_reserved_ports", "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes",
        "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem",
    ];

    /// <summary>Reason and message of the refusal, or null.</summary>
    public static (string Reason, string Message)? Check(V1Pod pod)
    {
        var spec = pod.Spec;
        var containers = spec.Containers.Concat(spec.InitContainers ?? []).ToList();
        if ((spec.SecurityContext?.Sysctls ?? []).Select(sysctl => sysctl.Name.Replace('/', '.')).FirstOrDefault(name => !SafeSysctls.Contains(name)) is { } forbidden)
        {
            return ("SysctlForbidden", $"forbidden sysctl: \"{forbidden}\" not allowlisted");
        }

        if (spec.Os?.Name is not (null or "linux"))
        {
            return ("PodOSNotSupported", "Failed to admit pod as the OS field doesn't match node OS");
        }

        if (containers.Select(container => container.SecurityContext?.AppArmorProfile).Append(spec.SecurityContext?.AppArmorProfile).Any(profile => profile?.Type is "RuntimeDefault" or "Localhost"))
        {
            return ("AppArmor", "Cannot enforce AppArmor: AppArmor is not enabled on the host");
        }

        string? missing = spec switch
        {
            { HostNetwork: true, DnsPolicy: "ClusterFirstWithHostNet" } => "the cluster's DNS on the machine's network (dnsPolicy: ClusterFirstWithHostNet)",
            { HostUsers: false } => "user namespaces (hostUsers: false)",
            { ResourceClaims.Count: > 0 } => "dynamic resource allocation (resourceClaims)",
            { RuntimeClassName.Length: > 0 } => $"the runtime class \"{spec.RuntimeClassName}\"",
            _ when containers.Any(container => container.VolumeDevices is { Count: > 0 }) => "block devices (volumeDevices)",
            _ => null,
        };
        return missing is null ? null : ("Unsupported", $"LocalCluster's node does not support {missing}");
    }
}

using System.Globalization;
using k8s.Models;
using Workspaces.LocalCluster.Node.Volumes;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>The host name that a pod's programs see (https://kubernetes.io/docs/concepts/workloads/pods/pod-hostname/).</summary>
internal static class PodHostName
{
    private const int KernelLimit = 63;
    private const int FullNameLimit = 64;

    /// <summary>What `hostname` says in the pod.</summary>
    public static string Of(V1Pod pod)
    {
        if (pod.Spec.HostNetwork == true)
        {
            return Environment.MachineName;
        }

        if (pod.Spec.HostnameOverride is { Length: > 0 } own)
        {
            return own;
        }

        if (pod.Spec.SetHostnameAsFQDN != true || Domain(pod) is not { } domain)
        {
            return Short(pod);
        }

        var full = $"{Short(pod)}.{domain}";
        return full.Length <= FullNameLimit ? full : throw new VolumeNotReadyException(
            $"Failed to construct FQDN from Pod hostname and cluster domain, FQDN {full} is too long (64 characters is the max, {full.Length.ToString(CultureInfo.InvariantCulture)} characters requested)");
    }

    /// <summary>The host name without a domain.</summary>
    public static string Short(V1Pod pod)
    {
        var name = string.IsNullOrEmpty(pod.Spec.Hostname) ? pod.Metadata.Name : pod.Spec.Hostname;
        return name.Length <= KernelLimit ? name : name[..KernelLimit].TrimEnd('-', '.');
    }

    /// <summary>The domain that the pod's subdomain gives it; null without one.</summary>
    public static string? Domain(V1Pod pod) =>
        string.IsNullOrEmpty(pod.Spec.Subdomain) ? null : $"{pod.Spec.Subdomain}.{pod.Metadata.NamespaceProperty}.svc.{Services.Names.ClusterNames.Domain}";
}

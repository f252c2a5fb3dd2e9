using k8s.Models;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>The host name that a pod's programs see.</summary>
internal static class PodHostName
{
    private const int KernelLimit = 63;

    public static string Of(V1Pod pod)
    {
        if (pod.Spec.HostNetwork == true)
        {
            return Environment.MachineName;
        }

        var name = string.IsNullOrEmpty(pod.Spec.Hostname) ? pod.Metadata.Name : pod.Spec.Hostname;
        return name.Length <= KernelLimit ? name : name[..KernelLimit].TrimEnd('-', '.');
    }
}

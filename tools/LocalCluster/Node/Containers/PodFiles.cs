using System.Net;
using System.Text;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>The files of /etc that every container of a pod shows: hosts, hostname and resolv.conf.</summary>
internal static class PodFiles
{
    /// <summary>Writes the files into a folder of the pod.</summary>
    public static void Write(string folder, V1Pod pod, IPAddress address)
    {
        var hostName = PodHostName.Of(pod);
        var name = string.IsNullOrEmpty(pod.Spec.Subdomain) ? hostName : $"{hostName}.{pod.Spec.Subdomain}.{pod.Metadata.NamespaceProperty}.svc.cluster.local\t{hostName}";
        var hosts = new StringBuilder("# Kubernetes-managed hosts file.\n");
        if (pod.Spec.HostNetwork == true)
        {
            hosts.Append(File.ReadAllText("/etc/hosts")).Append('\n');
        }
        else
        {
            hosts.Append("127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n").Append(address).Append('\t').Append(name).Append('\n');
        }

        foreach (var alias in pod.Spec.HostAliases ?? [])
        {
            hosts.Append(alias.Ip).Append('\t').AppendJoin('\t', alias.Hostnames ?? []).Append('\n');
        }

        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "hosts"), hosts.ToString());
        File.WriteAllText(Path.Combine(folder, "hostname"), hostName + "\n");
        File.WriteAllText(Path.Combine(folder, "resolv.conf"), Resolver(pod));
    }

    /// <summary>There is no cluster DNS here: unless the pod says otherwise it resolves names as this machine does.</summary>
    private static string Resolver(V1Pod pod)
    {
        var text = new StringBuilder();
        if (pod.Spec.DnsPolicy != "None" && File.Exists("/etc/resolv.conf"))
        {
            text.Append(File.ReadAllText("/etc/resolv.conf")).Append('\n');
        }

        foreach (var server in pod.Spec.DnsConfig?.Nameservers ?? [])
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        if (pod.Spec.DnsConfig?.Searches is { Count: > 0 } searches)
        {
            text.Append("search ").AppendJoin(' ', searches).Append('\n');
        }

        foreach (var option in pod.Spec.DnsConfig?.Options ?? [])
        {
            text.Append("options ").Append(option.Name).Append(string.IsNullOrEmpty(option.Value) ? "" : ":" + option.Value).Append('\n');
        }

        return text.ToString();
    }
}

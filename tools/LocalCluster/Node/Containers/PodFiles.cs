using System.Net;
using System.Text;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>The files of /etc that every container of a pod shows: hosts, hostname and resolv.conf.</summary>
internal static class PodFiles
{
    /// <summary>Writes the files into a folder of the pod.</summary>
    public static void Write(string folder, V1Pod pod, IPAddress address, IPAddress dns)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "hosts"), Hosts(pod, address));
        File.WriteAllText(Path.Combine(folder, "hostname"), PodHostName.Of(pod) + "\n");
        File.WriteAllText(Path.Combine(folder, "resolv.conf"), ResolverFile.For(pod, dns, File.Exists("/etc/resolv.conf") ? File.ReadAllLines("/etc/resolv.conf") : []));
    }

    private static string Hosts(V1Pod pod, IPAddress address)
    {
        var hosts = new StringBuilder();
        if (pod.Spec.HostNetwork == true)
        {
            hosts.Append("# Kubernetes-managed hosts file (host network).\n").Append(File.Exists("/etc/hosts") ? File.ReadAllText("/etc/hosts") : "").Append('\n');
        }
        else
        {
            var name = PodHostName.Domain(pod) is { } domain ? $"{PodHostName.Short(pod)}.{domain}\t{PodHostName.Short(pod)}" : PodHostName.Of(pod);
            hosts.Append("""
                # Kubernetes-managed hosts file.
                127.0.0.1	localhost
                ::1	localhost ip6-localhost ip6-loopback
                fe00::0	ip6-localnet
                fe00::0	ip6-mcastprefix
                fe00::1	ip6-allnodes
                fe00::2	ip6-allrouters

                """).Append(address).Append('\t').Append(name).Append('\n');
        }

        if (pod.Spec.HostAliases is { Count: > 0 } aliases)
        {
            hosts.Append("\n# Entries added by HostAliases.\n");
            foreach (var alias in aliases)
            {
                hosts.Append(alias.Ip).Append('\t').AppendJoin('\t', alias.Hostnames ?? []).Append('\n');
            }
        }

        return hosts.ToString();
    }
}

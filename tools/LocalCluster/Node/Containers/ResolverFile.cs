using System.Net;
using System.Text;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary>
/// A pod's resolv.conf from its dnsPolicy and dnsConfig and the machine's own file
/// (https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy). Pure.
/// </summary>
internal static class ResolverFile
{
    public static string For(V1Pod pod, IPAddress dns, IReadOnlyList<string> machine)
    {
        var lines = machine.Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Where(parts => parts.Length > 1).ToList();
        var servers = new List<string>();
        var searches = new List<string>();
        var options = new List<(string Name, string? Value)>();
        if (pod.Spec.DnsPolicy != "None")
        {
            searches.AddRange(lines.LastOrDefault(parts => parts[0] is "search" or "domain")?.Skip(1) ?? []);
            if (UsesClusterDns(pod))
            {
                const string domain = Services.Names.ClusterNames.Domain;
                servers.Add(dns.ToString());
                searches = [$"{pod.Metadata.NamespaceProperty}.svc.{domain}", $"svc.{domain}", domain, .. searches];
                options.Add(("ndots", "5"));
            }
            else
            {
                servers.AddRange(lines.Where(parts => parts[0] == "nameserver").Select(parts => parts[1]));
                options.AddRange(lines.Where(parts => parts[0] == "options").SelectMany(parts => parts.Skip(1)).Select(Option));
            }
        }

        servers.AddRange(pod.Spec.DnsConfig?.Nameservers ?? []);
        searches.AddRange(pod.Spec.DnsConfig?.Searches ?? []);
        foreach (var option in pod.Spec.DnsConfig?.Options ?? [])
        {
            options.RemoveAll(known => known.Name == option.Name);
            options.Add((option.Name, option.Value));
        }

        return Write(servers, searches, options);
    }

    /// <summary>ClusterFirst is the default, and means Default for pods on the machine's network.</summary>
    private static bool UsesClusterDns(V1Pod pod) => pod.Spec.DnsPolicy is null or "" or "ClusterFirst" && pod.Spec.HostNetwork != true;

    private static (string Name, string? Value) Option(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? (text, null) : (text[..colon], text[(colon + 1)..]);
    }

    private static string Write(IEnumerable<string> servers, List<string> searches, List<(string Name, string? Value)> options)
    {
        var text = new StringBuilder();
        if (searches.Count > 0)
        {
            text.Append("search ").AppendJoin(' ', searches.Distinct()).Append('\n');
        }

        foreach (var server in servers.Distinct())
        {
            text.Append("nameserver ").Append(server).Append('\n');
        }

        if (options.Count > 0)
        {
            text.Append("options ").AppendJoin(' ', options.Select(option => string.IsNullOrEmpty(option.Value) ? option.Name : $"{option.Name}:{option.Value}")).Append('\n');
        }

        return text.ToString();
    }
}

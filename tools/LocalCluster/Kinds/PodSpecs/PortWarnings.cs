using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Ports of a pod that are defined more than once, in one container or in several.</summary>
internal static class PortWarnings
{
    public static void Of(IEnumerable<(JsonObject Container, string At)> containers, ICollection<string> warnings)
    {
        var ports = containers.SelectMany(c => c.Container.Objects("ports").Select((p, i) => (Port: p, At: $"{c.At}.ports[{i}]"))).ToList();
        var known = new Dictionary<string, List<(JsonObject Port, string At)>>();
        foreach (var (port, at) in ports)
        {
            var (ip, host) = Host(port);
            if (ip.Length > 0 && host == 0)
            {
                warnings.Add(
                    $"{at}: hostIP set without hostPort: {{Name:{port.Text("name")} HostPort:0 ContainerPort:{port.Number("containerPort")} Protocol:{port.Text("protocol")} HostIP:{ip}}}");
            }

            var key = $"{port.Number("containerPort")}/{port.Text("protocol")}";
            var others = known.TryGetValue(key, out var list) ? list : known[key] = [];
            foreach (var other in others)
            {
                if (Clash(Host(port), Host(other.Port)) is { } clash)
                {
                    warnings.Add($"{at}: {clash} port definition with {other.At}");
                }
            }

            others.Add((port, at));
        }

        var names = new Dictionary<string, string>();
        foreach (var (port, at) in ports)
        {
            if (port.Text("name") is { Length: > 0 } name && !names.TryAdd(name, at))
            {
                warnings.Add($"{at}: duplicate port name {FieldError.Quote(name)} with {names[name]}, services and probes that select ports by name will use {names[name]}");
            }
        }
    }

    private static (string Ip, long Port) Host(JsonObject port) => (port.Text("hostIP") ?? "", port.Number("hostPort") ?? 0);

    private static string? Clash((string Ip, long Port) one, (string Ip, long Port) other)
    {
        if (one == other)
        {
            return "duplicate";
        }

        if (one.Port == 0 || other.Port == 0)
        {
            return "overlapping";
        }

        return one.Port == other.Port && one.Ip.Length == 0 != (other.Ip.Length == 0) ? "dangerously ambiguous" : null;
    }
}

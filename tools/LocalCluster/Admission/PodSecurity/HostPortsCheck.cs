using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>No ports of the node.</summary>
internal sealed class HostPortsCheck() : SecurityCheck("hostPorts", PolicyLevel.Baseline)
{
    public override Violation? Check(SecuredPod pod, int minor)
    {
        var bad = pod.Where(c => Ports(c).Any());
        var ports = Words.Sorted(pod.Containers.SelectMany(Ports));
        return bad.Count == 0 ? null : new Violation(
            "hostPort",
            $"{Words.Containers(bad)} {Words.Plural("uses", "use", bad.Count)} {Words.Plural("hostPort", "hostPorts", ports.Count)} {string.Join(", ", ports)}");
    }

    private static IEnumerable<string> Ports(JsonObject container) =>
        container.Objects("ports").Select(p => p.Number("hostPort") ?? 0).Where(p => p != 0).Select(p => p.ToString(System.Globalization.CultureInfo.InvariantCulture));
}

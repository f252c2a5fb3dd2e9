using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>Probes and lifecycle hooks go to the pod itself and to no other host.</summary>
internal sealed class HostProbesCheck() : SecurityCheck("hostProbesAndHostLifecycle", PolicyLevel.Baseline)
{
    private static readonly string[] Probes = ["livenessProbe", "readinessProbe", "startupProbe"];

    public override int Since => 34;

    public override Violation? Check(SecuredPod pod, int minor)
    {
        var bad = Words.Sorted(pod.Where(c => Hosts(c).Any()));
        var hosts = Words.Sorted(pod.Containers.SelectMany(Hosts));
        return bad.Count == 0 ? null : new Violation(
            "probe or lifecycle host",
            $"{Words.Containers(bad)} {Words.Plural("uses", "use", bad.Count)} {Words.Plural("probe or lifecycle host", "probe or lifecycle hosts", hosts.Count)} {Words.Quoted(hosts)}");
    }

    private static IEnumerable<string> Hosts(JsonObject container) =>
        Probes.Select(p => container[p]).Append(container.At("lifecycle", "postStart")).Append(container.At("lifecycle", "preStop"))
            .SelectMany(handler => new[] { handler.Text("httpGet", "host"), handler.Text("tcpSocket", "host") })
            .Where(host => !string.IsNullOrEmpty(host)).Select(host => host!);
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>No capabilities beyond those that container runtimes give anyway.</summary>
internal sealed class BaselineCapabilitiesCheck() : SecurityCheck("capabilities_baseline", PolicyLevel.Baseline)
{
    private static readonly HashSet<string> Allowed =
    [
        "AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT",
    ];

    public override Violation? Check(SecuredPod pod, int minor)
    {
        var bad = pod.Where(c => Forbidden(c).Any());
        return bad.Count == 0 ? null : new Violation(
            "non-default capabilities",
            $"{Words.Containers(bad)} must not include {Words.Quoted(Words.Sorted(pod.Containers.SelectMany(Forbidden)))} in securityContext.capabilities.add");
    }

    private static IEnumerable<string> Forbidden(JsonObject container) =>
        (container.At("securityContext", "capabilities", "add") as JsonArray ?? []).Select(c => (string?)c ?? "").Where(c => !Allowed.Contains(c));
}

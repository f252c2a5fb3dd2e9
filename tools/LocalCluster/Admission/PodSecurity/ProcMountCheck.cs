using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>The masks over /proc stay, but in a user namespace of the pod's own.</summary>
internal sealed class ProcMountCheck() : SecurityCheck("procMount", PolicyLevel.Baseline)
{
    public override Violation? Check(SecuredPod pod, int minor) => minor >= 35 && pod.HasUserNamespace ? null : Masked(pod);

    /// <summary>The masks stay in any case.</summary>
    public static Violation? Masked(SecuredPod pod)
    {
        var bad = pod.Where(c => Mount(c) is not (null or "Default"));
        return bad.Count == 0 ? null : new Violation(
            "procMount",
            $"{Words.Containers(bad)} must not set securityContext.procMount to {Words.Quoted(Words.Sorted(pod.Containers.Select(Mount).Where(m => m is not (null or "Default")).Select(m => m!)))}");
    }

    private static string? Mount(JsonObject container) => container.Text("securityContext", "procMount");
}

using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>No folders of the node.</summary>
internal sealed class HostPathVolumesCheck() : SecurityCheck("hostPathVolumes", PolicyLevel.Baseline)
{
    public override Violation? Check(SecuredPod pod, int minor)
    {
        var volumes = pod.Spec.Objects("volumes").Where(v => v["hostPath"] is not null).Select(v => v.Text("name") ?? "").ToList();
        return volumes.Count == 0 ? null : new Violation("hostPath volumes", $"{Words.Plural("volume", "volumes", volumes.Count)} {Words.Quoted(volumes)}");
    }
}

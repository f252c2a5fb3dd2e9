using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>No privileged containers.</summary>
internal sealed class PrivilegedCheck() : SecurityCheck("privileged", PolicyLevel.Baseline)
{
    public override Violation? Check(SecuredPod pod, int minor)
    {
        var bad = pod.Where(c => c.Flag("securityContext", "privileged") == true);
        return bad.Count == 0 ? null : new Violation("privileged", $"{Words.Containers(bad)} must not set securityContext.privileged=true");
    }
}

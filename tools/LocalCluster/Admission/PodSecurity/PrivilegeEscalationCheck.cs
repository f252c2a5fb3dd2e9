using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>No process gains more privileges than its parent has.</summary>
internal sealed class PrivilegeEscalationCheck() : SecurityCheck("allowPrivilegeEscalation", PolicyLevel.Restricted)
{
    public override int Since => 8;

    public override Violation? Check(SecuredPod pod, int minor)
    {
        var bad = minor >= 25 && pod.IsWindows ? [] : pod.Where(c => c.Flag("securityContext", "allowPrivilegeEscalation") != false);
        return bad.Count == 0 ? null : new Violation(
            "allowPrivilegeEscalation != false", $"{Words.Containers(bad)} must set securityContext.allowPrivilegeEscalation=false");
    }
}

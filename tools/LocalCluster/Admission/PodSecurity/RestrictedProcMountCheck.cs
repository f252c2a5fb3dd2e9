namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>The masks over /proc stay, also in a user namespace.</summary>
internal sealed class RestrictedProcMountCheck() : SecurityCheck("procMount_restricted", PolicyLevel.Restricted)
{
    public override int Since => 35;

    public override string? Replaces => "procMount";

    public override Violation? Check(SecuredPod pod, int minor) => ProcMountCheck.Masked(pod);
}

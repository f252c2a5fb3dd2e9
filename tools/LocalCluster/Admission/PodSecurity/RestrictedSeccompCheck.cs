using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>Seccomp is switched on, for the pod or for each container.</summary>
internal sealed class RestrictedSeccompCheck() : SecurityCheck("seccompProfile_restricted", PolicyLevel.Restricted)
{
    public override int Since => 19;

    public override string? Replaces => "seccompProfile_baseline";

    public override Violation? Check(SecuredPod pod, int minor)
    {
        if (minor >= 25 && pod.IsWindows)
        {
            return null;
        }

        if (BaselineSeccompCheck.Unconfined(pod) is { } unconfined)
        {
            return unconfined;
        }

        var missing = pod.Context.Text("seccompProfile", "type") is null ? pod.Where(c => BaselineSeccompCheck.Type(c) is null) : [];
        return missing.Count == 0 ? null : new Violation(
            "seccompProfile", $"pod or {Words.Containers(missing)} must set securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\"");
    }
}

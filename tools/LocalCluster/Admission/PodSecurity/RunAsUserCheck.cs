using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>Nobody asks for root by number.</summary>
internal sealed class RunAsUserCheck() : SecurityCheck("runAsUser", PolicyLevel.Restricted)
{
    public override int Since => 23;

    public override Violation? Check(SecuredPod pod, int minor)
    {
        if (minor >= 35 && pod.HasUserNamespace)
        {
            return null;
        }

        var setters = Words.Setters(pod.Context.Number("runAsUser") == 0, pod.Where(c => c.Number("securityContext", "runAsUser") == 0));
        return setters.Length == 0 ? null : new Violation("runAsUser=0", $"{setters} must not set runAsUser=0");
    }
}

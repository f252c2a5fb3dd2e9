using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>The kubelet refuses to start what would run as root.</summary>
internal sealed class RunAsNonRootCheck() : SecurityCheck("runAsNonRoot", PolicyLevel.Restricted)
{
    private const string Reason = "runAsNonRoot != true";

    public override Violation? Check(SecuredPod pod, int minor)
    {
        if (minor >= 35 && pod.HasUserNamespace)
        {
            return null;
        }

        var ofPod = pod.Context.Flag("runAsNonRoot");
        var setters = Words.Setters(ofPod == false, pod.Where(c => c.Flag("securityContext", "runAsNonRoot") == false));
        if (setters.Length > 0)
        {
            return new Violation(Reason, $"{setters} must not set securityContext.runAsNonRoot=false");
        }

        var missing = ofPod == true ? [] : pod.Where(c => c.Flag("securityContext", "runAsNonRoot") is null);
        return missing.Count == 0 ? null : new Violation(Reason, $"pod or {Words.Containers(missing)} must set securityContext.runAsNonRoot=true");
    }
}

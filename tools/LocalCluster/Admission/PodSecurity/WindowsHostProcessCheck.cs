using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>No processes of a Windows node.</summary>
internal sealed class WindowsHostProcessCheck() : SecurityCheck("windowsHostProcess", PolicyLevel.Baseline)
{
    public override Violation? Check(SecuredPod pod, int minor)
    {
        var setters = Words.Setters(IsSet(pod.Context), pod.Where(c => IsSet(c["securityContext"])));
        return setters.Length == 0 ? null : new Violation("hostProcess", $"{setters} must not set securityContext.windowsOptions.hostProcess=true");
    }

    private static bool IsSet(JsonNode? context) => context.Flag("windowsOptions", "hostProcess") == true;
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>All capabilities dropped, and none added but the one to bind low ports.</summary>
internal sealed class RestrictedCapabilitiesCheck() : SecurityCheck("capabilities_restricted", PolicyLevel.Restricted)
{
    public override int Since => 22;

    public override string? Replaces => "capabilities_baseline";

    public override Violation? Check(SecuredPod pod, int minor)
    {
        if (minor >= 25 && pod.IsWindows)
        {
            return null;
        }

        var keeping = pod.Where(c => !List(c, "drop").Contains("ALL"));
        var adding = pod.Where(c => Forbidden(c).Any());
        var details = new List<string>();
        if (keeping.Count > 0)
        {
            details.Add($"{Words.Containers(keeping)} must set securityContext.capabilities.drop=[\"ALL\"]");
        }

        if (adding.Count > 0)
        {
            details.Add($"{Words.Containers(adding)} must not include {Words.Quoted(Words.Sorted(pod.Containers.SelectMany(Forbidden)))} in securityContext.capabilities.add");
        }

        return details.Count == 0 ? null : new Violation("unrestricted capabilities", string.Join("; ", details));
    }

    private static IEnumerable<string> Forbidden(JsonObject container) => List(container, "add").Where(c => c != "NET_BIND_SERVICE");

    private static IEnumerable<string> List(JsonObject container, string name) =>
        (container.At("securityContext", "capabilities", name) as JsonArray ?? []).Select(c => (string?)c ?? "");
}

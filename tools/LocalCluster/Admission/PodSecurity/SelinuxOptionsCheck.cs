using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Admission.PodSecurity;

/// <summary>SELinux: container types alone, no user and no role.</summary>
internal sealed class SelinuxOptionsCheck() : SecurityCheck("seLinuxOptions", PolicyLevel.Baseline)
{
    private static readonly string[] Unwanted = ["user", "role"];

    public override Violation? Check(SecuredPod pod, int minor)
    {
        bool IsBadType(JsonNode? options) => options.Text("type") is not (null or "" or "container_t" or "container_init_t" or "container_kvm_t")
            && !(minor >= 31 && options.Text("type") == "container_engine_t");
        bool IsBad(JsonNode? options) => IsBadType(options) || Has(options, "user") || Has(options, "role");
        var all = pod.Containers.Select(Options).Append(pod.Context.At("seLinuxOptions")).ToList();
        var setters = Words.Setters(IsBad(pod.Context.At("seLinuxOptions")), pod.Where(c => IsBad(Options(c))));
        if (setters.Length == 0)
        {
            return null;
        }

        var bad = new List<string>();
        var types = Words.Sorted(all.Where(IsBadType).Select(o => o.Text("type")!));
        if (types.Count > 0)
        {
            bad.Add($"{Words.Plural("type", "types", types.Count)} {Words.Quoted(types)}");
        }

        bad.AddRange(Unwanted.Where(f => all.Exists(o => Has(o, f))).Select(f => $"{f} may not be set"));
        return new Violation("seLinuxOptions", $"{setters} set forbidden securityContext.seLinuxOptions: {string.Join("; ", bad)}");
    }

    private static JsonNode? Options(JsonObject container) => container.At("securityContext", "seLinuxOptions");

    private static bool Has(JsonNode? options, string field) => !string.IsNullOrEmpty(options.Text(field));
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Kinds;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Admission.Limits;

/// <summary>Holds pods and claims against the bounds of one LimitRange. Each refusal is a sentence of the API server's.</summary>
internal static class LimitBounds
{
    public static List<string> OfPod(JsonObject limitRange, JsonObject spec)
    {
        var refusals = new List<string?>();
        foreach (var limit in limitRange.Objects("spec", "limits"))
        {
            if (limit.Text("type") == "Container")
            {
                foreach (var container in spec.Objects("containers").Concat(spec.Objects("initContainers")))
                {
                    Check(limit, Amounts.Of(container.At("resources", "requests")), Amounts.Of(container.At("resources", "limits")), refusals);
                }
            }
            else if (limit.Text("type") == "Pod")
            {
                Check(limit, PodResources.Of(spec, "requests", withOverhead: false), PodResources.Of(spec, "limits", withOverhead: false), refusals);
            }
        }

        return [.. refusals.OfType<string>()];
    }

    public static List<string> OfClaim(JsonObject limitRange, JsonObject spec)
    {
        const string Kind = "PersistentVolumeClaim";
        var requests = Amounts.Of(spec.At("resources", "requests"));
        var refusals = new List<string?>();
        foreach (var limit in limitRange.Objects("spec", "limits").Where(l => l.Text("type") == Kind))
        {
            refusals.AddRange(Amounts.Of(limit["min"]).Select(m => MinimumCheck.Refusal(Kind, m.Key, m.Value, requests, [])));
            refusals.AddRange(Amounts.Of(limit["max"]).Select(m => MaximumRequestCheck.Refusal(Kind, m.Key, m.Value, requests)));
        }

        return [.. refusals.OfType<string>()];
    }

    private static void Check(JsonObject limit, Amounts requests, Amounts limits, List<string?> refusals)
    {
        var type = limit.Text("type")!;
        refusals.AddRange(Amounts.Of(limit["min"]).Select(m => MinimumCheck.Refusal(type, m.Key, m.Value, requests, limits)));
        refusals.AddRange(Amounts.Of(limit["max"]).Select(m => MaximumCheck.Refusal(type, m.Key, m.Value, requests, limits)));
        refusals.AddRange(Amounts.Of(limit["maxLimitRequestRatio"]).Select(m => RatioCheck.Refusal(type, m.Key, m.Value, requests, limits)));
    }
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Admission.Quota;

/// <summary>Counts anew what a quota's namespace uses.</summary>
internal static class QuotaCount
{
    /// <summary>The quota's status as it should be: the limits of its spec, and what is in use of each.</summary>
    public static JsonObject Status(JsonObject quota, ObjectStore store, DateTimeOffset now)
    {
        var hard = Amounts.Of(quota.At("spec", "hard"));
        var requirements = ScopeRequirement.Of(quota);
        var used = new Amounts();
        foreach (var rules in UsageCatalog.All)
        {
            var counted = hard.Keys.Where(rules.Counts).ToList();
            if (counted.Count == 0)
            {
                continue;
            }

            foreach (var resource in counted)
            {
                used.TryAdd(resource, Quantity.Zero);
            }

            foreach (var stored in store.List(rules.Type, quota.Text("metadata", "namespace")))
            {
                if (requirements.All(r => rules.Meets(r, stored.Json)))
                {
                    used.Add(rules.Usage(stored.Json, now).Only(counted.Contains));
                }
            }
        }

        return new JsonObject { ["hard"] = hard.ToJson(), ["used"] = used.ToJson() };
    }
}

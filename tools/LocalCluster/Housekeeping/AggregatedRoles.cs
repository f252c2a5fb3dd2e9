using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Housekeeping;

/// <summary>
/// Gives ClusterRoles with an aggregationRule the rules of those that it selects
/// (https://kubernetes.io/docs/reference/access-authn-authz/rbac/#aggregated-clusterroles).
/// </summary>
internal sealed class AggregatedRoles(ObjectStore store, ObjectPatcher patcher)
{
    private static readonly WriteOptions Options = new(Caller.System, "clusterrole-aggregation-controller");

    /// <summary>Brings every such role up to date.</summary>
    public void Refresh()
    {
        lock (store.Gate)
        {
            foreach (var role in store.List(ResourceTypes.ClusterRoles).Where(r => Selectors(r).Count > 0).ToList())
            {
                Refresh(role);
            }
        }
    }

    private void Refresh(StoredObject role)
    {
        var rules = new List<JsonNode>();
        foreach (var selector in Selectors(role))
        {
            var selected = store.List(ResourceTypes.ClusterRoles).Where(r => r.Name != role.Name && selector.Matches(r.Labels));
            foreach (var rule in selected.SelectMany(r => r.Json.Objects("rules")))
            {
                if (!rules.Exists(r => JsonNode.DeepEquals(r, rule)))
                {
                    rules.Add(rule);
                }
            }
        }

        if (JsonNode.DeepEquals(new JsonArray([.. rules.Select(r => r.DeepClone())]), role.Json["rules"] as JsonArray ?? []))
        {
            return;
        }

        var config = new JsonObject
        {
            ["apiVersion"] = role.Type.ApiVersion,
            ["kind"] = role.Type.Kind,
            ["metadata"] = new JsonObject { ["name"] = role.Name },
            ["rules"] = new JsonArray([.. rules.Select(r => r.DeepClone())]),
        };
        patcher.Patch(role.Type, null, role.Name, ObjectPatcher.ApplyPatchType, config, force: true, null, Options);
    }

    private static List<LabelSelector> Selectors(StoredObject role) =>
        [.. role.Json.Objects("aggregationRule", "clusterRoleSelectors").Select(s => LabelSelector.Of(s)!)];
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>
/// What a whole pod requests and is limited to (https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers): its
/// containers and sidecars together, or the largest init container where that needs more; resources of the pod itself come before those.
/// </summary>
internal static class PodResources
{
    private static readonly string[] Kinds = ["requests", "limits"];

    public static Amounts Requests(JsonObject spec) => Of(spec, "requests", withOverhead: true);

    public static Amounts Limits(JsonObject spec) => Of(spec, "limits", withOverhead: true);

    public static Amounts Of(JsonObject spec, string kind, bool withOverhead)
    {
        var total = OfContainers(spec, kind);
        foreach (var (name, quantity) in Amounts.Of(spec.At("resources", kind)).Where(a => IsForPods(a.Key)))
        {
            total[name] = quantity;
        }

        if (withOverhead)
        {
            // A limit that is not set is not set by the overhead either.
            total.Add(Amounts.Of(spec["overhead"]).Only(n => kind == "requests" || (total.TryGetValue(n, out var limit) && !limit.Nano.IsZero)));
        }

        return total;
    }

    /// <summary>The sum of what the containers say, without the resources of the pod itself.</summary>
    public static Amounts OfContainers(JsonObject spec, string kind)
    {
        var total = new Amounts();
        foreach (var container in spec.Objects("containers"))
        {
            total.Add(Amounts.Of(container.At("resources", kind)));
        }

        var sidecars = new Amounts();
        var starting = new Amounts();
        foreach (var init in spec.Objects("initContainers"))
        {
            var own = Amounts.Of(init.At("resources", kind));
            if (init.Text("restartPolicy") == "Always")
            {
                total.Add(own);
                sidecars.Add(own);
                starting.RaiseTo(sidecars);
            }
            else
            {
                own.Add(sidecars);
                starting.RaiseTo(own);
            }
        }

        total.RaiseTo(starting);
        return total;
    }

    /// <summary>Whether the pod itself, and not its containers, says what it needs.</summary>
    public static bool HasOwn(JsonObject spec) =>
        Kinds.Any(kind => (spec.At("resources", kind) as JsonObject ?? []).Any(r => IsForPods(r.Key)));

    /// <summary>Resources that a pod as a whole can have.</summary>
    public static bool IsForPods(string resource) => resource is "cpu" or "memory" || resource.StartsWith("hugepages-", StringComparison.Ordinal);
}

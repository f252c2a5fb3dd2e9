using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>A pod's quality-of-service class (https://kubernetes.io/docs/concepts/workloads/pods/pod-qos).</summary>
public static class QualityOfService
{
    private static readonly string[] Counted = ["cpu", "memory"];

    public static string Of(JsonObject spec)
    {
        // A pod that has resources of its own is judged by those alone.
        var containers = spec["resources"] is JsonObject ? [spec] : spec.Objects("containers").Concat(spec.Objects("initContainers")).ToList();
        var anything = false;
        var guaranteed = true;
        foreach (var container in containers)
        {
            foreach (var resource in Counted)
            {
                var (request, limit) = (Amount(container, "requests", resource), Amount(container, "limits", resource));
                anything |= request is not null || limit is not null;
                guaranteed &= limit is not null && (request ?? limit) == limit;
            }
        }

        return !anything ? "BestEffort" : guaranteed ? "Guaranteed" : "Burstable";
    }

    private static Quantity? Amount(JsonObject container, string kind, string resource) =>
        container.Text("resources", kind, resource) is { } text && Quantity.TryParse(text, out var quantity) && !quantity.Nano.IsZero
            ? quantity with { Format = Quantity.Style.Decimal }
            : null;
}

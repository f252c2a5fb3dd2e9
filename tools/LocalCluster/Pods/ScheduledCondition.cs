using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Pods;

/// <summary>The condition <c>PodScheduled</c>: whether a pod has a node, and why not.</summary>
internal static class ScheduledCondition
{
    private const string Type = "PodScheduled";

    /// <summary>What is said of a pod that waits for a node; null where nothing is.</summary>
    public static string? Problem(JsonObject pod) => Of(pod)?.Text("message");

    /// <summary>The pod has a node.</summary>
    public static void SetTrue(JsonObject pod, DateTimeOffset now) => Set(pod, "True", null, null, now);

    /// <summary>The pod cannot have one now.</summary>
    public static void SetUnschedulable(JsonObject pod, string problem, DateTimeOffset now) => Set(pod, "False", "Unschedulable", problem, now);

    private static JsonObject? Of(JsonObject pod) => pod.Objects("status", "conditions").FirstOrDefault(condition => condition.Text("type") == Type);

    private static void Set(JsonObject pod, string status, string? reason, string? message, DateTimeOffset now)
    {
        var before = Of(pod);
        var since = before?.Text("status") == status ? before.Text("lastTransitionTime") : null;
        var condition = new JsonObject
        {
            ["lastProbeTime"] = null,
            ["lastTransitionTime"] = since ?? now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture),
            ["observedGeneration"] = pod.Number("metadata", "generation"),
            ["status"] = status,
            ["type"] = Type,
        };
        if (reason is not null)
        {
            condition["reason"] = reason;
            condition["message"] = message;
        }

        var others = pod.Objects("status", "conditions").Where(other => other.Text("type") != Type).Select(JsonNode (other) => other.DeepClone());
        pod.Ensure("status")["conditions"] = new JsonArray([.. others, condition]);
    }
}

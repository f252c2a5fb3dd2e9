using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Disruptions;
using Workspaces.LocalCluster.Controllers.Pods;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Whether a PodDisruptionBudget lets a pod go (https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction). Pure.</summary>
internal static class DisruptionGate
{
    private const int MostUnconfirmed = 2000;
    private const int RetrySeconds = 10;
    private const string Refusal = "Cannot evict pod as it would violate the pod's disruption budget.";

    /// <summary>Whether budgets do not count for the pod: it has ended, is going, or never began.</summary>
    public static bool Ignores(V1Pod pod) => PodConditions.HasEnded(pod) || PodConditions.IsTerminating(pod) || pod.Status?.Phase == "Pending";

    /// <summary>
    /// The budget's status after the pod went; null: it costs the budget nothing, because the pod is not healthy anyway. 429 with the reason
    /// where it may not go.
    /// </summary>
    public static JsonObject? Take(StoredObject budget, V1Pod pod, string now)
    {
        var status = budget.Json["status"]?.DeepClone() as JsonObject ?? [];
        var (healthy, desired) = (status.Number("currentHealthy") ?? 0, status.Number("desiredHealthy") ?? 0);
        if (!PodConditions.IsReady(pod)
            && (budget.Json.Text("spec", "unhealthyPodEvictionPolicy") == "AlwaysAllow" || (healthy >= desired && desired > 0)))
        {
            return null;
        }

        if ((status.Number("observedGeneration") ?? 0) < (budget.Json.Number("metadata", "generation") ?? 0))
        {
            throw Refuse($"The disruption budget {budget.Name} is still being processed by the server.", RetrySeconds);
        }

        var allowed = status.Number("disruptionsAllowed") ?? 0;
        if (allowed < 0)
        {
            throw Forbidden(budget, "pdb disruptions allowed is negative");
        }

        if (status["disruptedPods"] is JsonObject { Count: > MostUnconfirmed })
        {
            throw Forbidden(budget, "DisruptedPods map too big - too many evictions not confirmed by PDB controller");
        }

        if (allowed == 0)
        {
            throw Refuse(Why(budget.Name, status, healthy, desired), 0);
        }

        status["disruptionsAllowed"] = allowed - 1;
        status.Ensure("disruptedPods")[pod.Metadata.Name] = now;
        if (allowed == 1 && Condition(status) is { } condition)
        {
            condition["status"] = "False";
            condition["reason"] = "InsufficientPods";
            condition["lastTransitionTime"] = now;
        }

        return status;
    }

    private static string Why(string name, JsonObject status, long healthy, long desired)
    {
        var condition = Condition(status) is { } found && found.Text("status") == "False" && found.Text("message") is { Length: > 0 } ? found : null;
        return condition?.Text("reason") == DisruptionBudgetStatus.SyncFailed
            ? $"The disruption budget {name} does not allow evicting pods currently because it failed sync: {condition.Text("message")}"
            : healthy <= desired ? $"The disruption budget {name} needs {desired} healthy pods and has {healthy} currently"
            : condition is not null ? $"The disruption budget {name} does not allow evicting pods currently ({condition.Text("reason")}): {condition.Text("message")}"
            : $"The disruption budget {name} does not allow evicting pods currently";
    }

    private static JsonObject? Condition(JsonObject status) =>
        status.Objects("conditions").FirstOrDefault(condition => condition.Text("type") == DisruptionBudgetStatus.DisruptionAllowed);

    private static ApiStatusException Refuse(string why, int retrySeconds) =>
        ApiErrors.TooManyRequests(Refusal, retrySeconds, [new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = why }]);

    private static ApiStatusException Forbidden(StoredObject budget, string why) => new(
        403, "Forbidden", $"poddisruptionbudget.policy \"{budget.Name}\" is forbidden: {why}",
        new JsonObject { ["name"] = budget.Name, ["group"] = "policy", ["kind"] = "poddisruptionbudget" });
}

using System.Globalization;
using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.Disruptions;

/// <summary>
/// The status of a PodDisruptionBudget: how many pods are healthy, how many must be, and how many may go
/// (https://kubernetes.io/docs/tasks/run-application/configure-pdb). Pure.
/// </summary>
internal static class DisruptionBudgetStatus
{
    public const string DisruptionAllowed = "DisruptionAllowed";
    public const string SyncFailed = "SyncFailed";

    /// <summary>For how long a pod whose eviction was granted counts as gone before it is.</summary>
    public static readonly TimeSpan DeletionTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Whether how many pods there should be comes from the pods' controllers: for percents and for maxUnavailable.</summary>
    public static bool NeedsScale(V1PodDisruptionBudget budget) =>
        budget.Spec.MaxUnavailable is not null || budget.Spec.MinAvailable?.Value?.EndsWith('%') == true;

    /// <param name="budget">The budget.</param>
    /// <param name="pods">The pods that it selects.</param>
    /// <param name="scale">What their controllers ask for together; counts where <see cref="NeedsScale"/> says so.</param>
    /// <param name="now">The time.</param>
    public static V1PodDisruptionBudgetStatus Build(V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods, int scale, DateTime now)
    {
        var expected = NeedsScale(budget) ? scale : budget.Spec.MinAvailable is null ? 0 : pods.Count;
        var desired = budget.Spec.MaxUnavailable is { } most ? Math.Max(0, expected - RollingLimits.Scale(most, expected, roundUp: true))
            : RollingLimits.Scale(budget.Spec.MinAvailable, expected, roundUp: true);
        var disrupted = Disrupted(budget, pods, now);
        var healthy = pods.Count(pod => !PodConditions.IsTerminating(pod) && !disrupted.ContainsKey(pod.Metadata.Name) && PodConditions.IsReady(pod));
        var status = new V1PodDisruptionBudgetStatus
        {
            ObservedGeneration = budget.Metadata.Generation,
            CurrentHealthy = healthy,
            DesiredHealthy = desired,
            ExpectedPods = expected,
            DisruptionsAllowed = expected > 0 ? Math.Max(0, healthy - desired) : 0,
            DisruptedPods = disrupted.Count == 0 ? null : disrupted,
        };
        status.Conditions = WithCondition(
            budget, status.DisruptionsAllowed > 0, status.DisruptionsAllowed > 0 ? "SufficientPods" : "InsufficientPods", "", status.ObservedGeneration, now);
        return status;
    }

    /// <summary>The status where the numbers cannot be known: nothing may go.</summary>
    public static V1PodDisruptionBudgetStatus Failed(V1PodDisruptionBudget budget, string why, DateTime now)
    {
        var before = budget.Status ?? new V1PodDisruptionBudgetStatus();
        return new V1PodDisruptionBudgetStatus
        {
            ObservedGeneration = before.ObservedGeneration,
            CurrentHealthy = before.CurrentHealthy,
            DesiredHealthy = before.DesiredHealthy,
            ExpectedPods = before.ExpectedPods,
            DisruptionsAllowed = 0,
            DisruptedPods = before.DisruptedPods,
            Conditions = WithCondition(budget, allowed: false, SyncFailed, why, before.ObservedGeneration, now),
        };
    }

    /// <summary>When the first granted eviction that was not carried out stops to count; null: there is none.</summary>
    public static TimeSpan? UntilRecheck(V1PodDisruptionBudgetStatus status, DateTime now) =>
        status.DisruptedPods is { Count: > 0 } disrupted && disrupted.Values.Min() is { } first ? first + DeletionTimeout - now + TimeSpan.FromSeconds(1) : null;

    /// <summary>The condition set, the transition's time kept where its status is the same.</summary>
    private static List<V1Condition> WithCondition(V1PodDisruptionBudget budget, bool allowed, string reason, string message, long? observed, DateTime now)
    {
        var conditions = (budget.Status?.Conditions ?? []).ToList();
        var status = allowed.ToString(CultureInfo.InvariantCulture);
        var before = conditions.Find(condition => condition.Type == DisruptionAllowed);
        var condition = new V1Condition
        {
            Type = DisruptionAllowed,
            Status = status,
            Reason = reason,
            Message = message,
            ObservedGeneration = observed,
            LastTransitionTime = before?.Status == status ? before.LastTransitionTime : now,
        };
        if (before is null)
        {
            conditions.Add(condition);
        }
        else
        {
            conditions[conditions.IndexOf(before)] = condition;
        }

        return conditions;
    }

    private static Dictionary<string, DateTime?> Disrupted(V1PodDisruptionBudget budget, IReadOnlyList<V1Pod> pods, DateTime now)
    {
        var present = pods.Where(pod => !PodConditions.IsTerminating(pod)).Select(pod => pod.Metadata.Name).ToHashSet();
        return (budget.Status?.DisruptedPods ?? new Dictionary<string, DateTime?>())
            .Where(entry => present.Contains(entry.Key) && entry.Value + DeletionTimeout >= now)
            .ToDictionary();
    }
}

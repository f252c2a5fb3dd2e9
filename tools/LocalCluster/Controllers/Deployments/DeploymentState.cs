using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>A Deployment and its ReplicaSets at one moment: what a decision is made from.</summary>
internal sealed class DeploymentState
{
    /// <param name="deployment">The Deployment.</param>
    /// <param name="template">Its pod template.</param>
    /// <param name="sets">Its ReplicaSets.</param>
    /// <param name="oldPodsRun">Whether pods of old ReplicaSets have not ended; counts for the strategy Recreate.</param>
    /// <param name="now">The time.</param>
    public DeploymentState(V1Deployment deployment, JsonObject template, IEnumerable<ReplicaSetView> sets, bool oldPodsRun, DateTime now)
    {
        (Deployment, Template, OldPodsRun, Now) = (deployment, template, oldPodsRun, now);
        var byAge = sets.OrderBy(set => set.Created).ThenBy(set => set.Name, StringComparer.Ordinal).ToList();
        New = byAge.Find(set => PodTemplates.Same(set.Template, template));
        Old = [.. byAge.Where(set => set != New)];
        (MaxSurge, MaxUnavailable) = Limits();
    }

    public V1Deployment Deployment { get; }

    public JsonObject Template { get; }

    /// <summary>The ReplicaSet of the present template; the oldest where there are several.</summary>
    public ReplicaSetView? New { get; }

    /// <summary>All others, oldest first.</summary>
    public IReadOnlyList<ReplicaSetView> Old { get; }

    public bool OldPodsRun { get; }

    public DateTime Now { get; }

    public int MaxSurge { get; }

    public int MaxUnavailable { get; }

    public int Replicas => Deployment.Spec.Replicas ?? 1;

    public bool IsRolling => Deployment.Spec.Strategy?.Type != "Recreate";

    public bool IsPaused => Deployment.Spec.Paused == true;

    public bool HasDeadline => Deployment.Spec.ProgressDeadlineSeconds is not (null or int.MaxValue);

    /// <summary>The number of the present template's revision: one more than that of any other.</summary>
    public long NewRevision => Old.Select(set => set.Revision).DefaultIfEmpty(0).Max() + 1;

    public IEnumerable<ReplicaSetView> All => New is null ? Old : Old.Append(New);

    /// <summary>The Deployment was scaled since its ReplicaSets last were: it scales first, and rolls after that.</summary>
    public bool WasScaled => All.Any(set => set.Size > 0 && set.Desired is { } desired && desired != Replicas);

    private (int Surge, int Unavailable) Limits()
    {
        if (!IsRolling)
        {
            return (0, 0);
        }

        var rolling = Deployment.Spec.Strategy?.RollingUpdate;
        var (surge, unavailable) = RollingLimits.Resolve(rolling?.MaxSurge, rolling?.MaxUnavailable, Replicas);
        return (surge, Math.Min(unavailable, Replicas));
    }
}

using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.ReplicaSets;

/// <summary>The status of a ReplicaSet. Pure.</summary>
internal static class ReplicaSetStatus
{
    public const string ReplicaFailure = "ReplicaFailure";

    /// <param name="state">The ReplicaSet and its pods.</param>
    /// <param name="failure">Why pods could not be made or deleted; null: they could.</param>
    /// <param name="creating">Whether the failure is one of making pods.</param>
    public static V1ReplicaSetStatus Build(ReplicaSetState state, string? failure, bool creating)
    {
        var labels = state.Set.Spec.Template?.Metadata?.Labels ?? new Dictionary<string, string>();
        var conditions = (state.Set.Status?.Conditions ?? []).ToList();
        var known = conditions.Find(condition => condition.Type == ReplicaFailure);
        if (failure is null)
        {
            conditions.RemoveAll(condition => condition.Type == ReplicaFailure);
        }
        else if (known is null)
        {
            conditions.Add(new V1ReplicaSetCondition
            {
                Type = ReplicaFailure,
                Status = "True",
                Reason = creating ? "FailedCreate" : "FailedDelete",
                Message = failure,
                LastTransitionTime = state.Now,
            });
        }

        return new V1ReplicaSetStatus
        {
            ObservedGeneration = state.Set.Metadata.Generation,
            Replicas = state.Active.Count,
            FullyLabeledReplicas = state.Active.Count(pod => labels.All(label => pod.Metadata.Labels?.TryGetValue(label.Key, out var value) == true && value == label.Value)),
            ReadyReplicas = state.Active.Count(PodConditions.IsReady),
            AvailableReplicas = state.Active.Count(pod => PodConditions.IsAvailable(pod, state.MinReadySeconds, state.Now)),
            TerminatingReplicas = state.Ending.Count,
            Conditions = conditions.Count == 0 ? null : conditions,
        };
    }
}

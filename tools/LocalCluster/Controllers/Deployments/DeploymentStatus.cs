using k8s.Models;
using static Workspaces.LocalCluster.Controllers.Deployments.DeploymentConditions;

namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>The status of a Deployment: counts, conditions, and whether the rollout makes progress. Pure.</summary>
internal static class DeploymentStatus
{
    /// <param name="state">The Deployment and its ReplicaSets as they are now.</param>
    /// <param name="scaling">Whether it is paused or was just scaled: then nothing is said about progress.</param>
    /// <param name="outcome">What came of making a ReplicaSet.</param>
    public static V1DeploymentStatus Build(DeploymentState state, bool scaling, DeploymentOutcome outcome)
    {
        var before = state.Deployment.Status ?? new V1DeploymentStatus();
        var conditions = (before.Conditions ?? []).Select(Copy).ToList();
        var isDeleted = state.Deployment.Metadata.DeletionTimestamp is not null;
        if (!isDeleted)
        {
            SetPaused(conditions, state);
            SetOutcome(conditions, state, outcome);
        }

        var status = Count(state, before, outcome);
        SetAvailable(conditions, state, status);
        if (!isDeleted && !scaling)
        {
            SetProgress(conditions, state, before, status);
            SetFailure(conditions, state);
        }

        status.Conditions = conditions;
        return status;
    }

    /// <summary>Everything wanted is new and available, and nothing old is left.</summary>
    public static bool IsComplete(DeploymentState state, V1DeploymentStatus? status) =>
        status is not null && (status.UpdatedReplicas ?? 0) == state.Replicas && (status.Replicas ?? 0) == state.Replicas && (status.AvailableReplicas ?? 0) == state.Replicas
        && (status.ObservedGeneration ?? 0) >= (state.Deployment.Metadata.Generation ?? 0);

    /// <summary>When the progress deadline has to be looked at; null: never, or it has passed.</summary>
    public static TimeSpan? UntilDeadline(DeploymentState state, V1DeploymentStatus status)
    {
        if (!state.HasDeadline || Find(status.Conditions, Progressing) is not { } progressing || progressing.Reason is TimedOut or Complete || IsComplete(state, status))
        {
            return null;
        }

        var left = Deadline(state, progressing) - state.Now;
        return (left > TimeSpan.Zero ? left : TimeSpan.Zero) + TimeSpan.FromSeconds(1);
    }

    private static DateTime Deadline(DeploymentState state, V1DeploymentCondition progressing) =>
        (progressing.LastUpdateTime ?? state.Now).AddSeconds(state.Deployment.Spec.ProgressDeadlineSeconds ?? 0);

    private static V1DeploymentCondition Copy(V1DeploymentCondition condition) => new()
    {
        Type = condition.Type,
        Status = condition.Status,
        Reason = condition.Reason,
        Message = condition.Message,
        LastUpdateTime = condition.LastUpdateTime,
        LastTransitionTime = condition.LastTransitionTime,
    };

    private static V1DeploymentStatus Count(DeploymentState state, V1DeploymentStatus before, DeploymentOutcome outcome)
    {
        var sets = state.All.ToList();
        var available = sets.Sum(set => set.Available);
        return new V1DeploymentStatus
        {
            ObservedGeneration = state.Deployment.Metadata.Generation,
            Replicas = sets.Sum(set => set.Status.Replicas),
            UpdatedReplicas = state.New?.Status.Replicas ?? 0,
            ReadyReplicas = sets.Sum(set => set.Status.ReadyReplicas ?? 0),
            AvailableReplicas = available,
            UnavailableReplicas = Math.Max(0, sets.Sum(set => set.Size) - available),
            TerminatingReplicas = sets.Sum(set => set.Status.TerminatingReplicas ?? 0),
            CollisionCount = outcome.Collided ? (before.CollisionCount ?? 0) + 1 : before.CollisionCount,
        };
    }

    private static void SetOutcome(List<V1DeploymentCondition> conditions, DeploymentState state, DeploymentOutcome outcome)
    {
        if (!state.HasDeadline)
        {
            return;
        }

        if (outcome.CreateFailure is { } failure)
        {
            Set(conditions, New(Progressing, "False", "ReplicaSetCreateError", failure, state.Now));
        }
        else if (outcome.Created is { } created)
        {
            Set(conditions, New(Progressing, "True", "NewReplicaSetCreated", $"Created new replica set \"{created}\"", state.Now));
        }
        else if (state.New is { } found && Find(conditions, Progressing) is null)
        {
            Set(conditions, New(Progressing, "True", "FoundNewReplicaSet", $"Found new replica set \"{found.Name}\"", state.Now));
        }
    }

    private static void SetAvailable(List<V1DeploymentCondition> conditions, DeploymentState state, V1DeploymentStatus status) => Set(
        conditions,
        status.AvailableReplicas >= state.Replicas - state.MaxUnavailable
            ? New(Available, "True", "MinimumReplicasAvailable", "Deployment has minimum availability.", state.Now)
            : New(Available, "False", "MinimumReplicasUnavailable", "Deployment does not have minimum availability.", state.Now));

    private static void SetProgress(List<V1DeploymentCondition> conditions, DeploymentState state, V1DeploymentStatus before, V1DeploymentStatus status)
    {
        if (!state.HasDeadline)
        {
            conditions.RemoveAll(known => known.Type == Progressing);
            return;
        }

        var present = Find(conditions, Progressing);
        if ((status.Replicas ?? 0) == (status.UpdatedReplicas ?? 0) && present?.Reason == Complete)
        {
            return; // the rollout was complete before: this is no new one
        }

        var subject = state.New is { } set ? $"ReplicaSet \"{set.Name}\"" : $"Deployment \"{state.Deployment.Metadata.Name}\"";
        if (IsComplete(state, status))
        {
            Set(conditions, New(Progressing, "True", Complete, $"{subject} has successfully progressed.", state.Now));
        }
        else if (MadeProgress(before, status))
        {
            var progressing = New(Progressing, "True", "ReplicaSetUpdated", $"{subject} is progressing.", state.Now);
            if (present?.Status == "True")
            {
                progressing.LastTransitionTime = present.LastTransitionTime;
            }

            // Said again with the same reason, it moves the time from which the deadline counts.
            conditions.RemoveAll(known => known.Type == Progressing);
            conditions.Add(progressing);
        }
        else if (present is not null && present.Reason != Complete && (present.Reason == TimedOut || Deadline(state, present) < state.Now))
        {
            Set(conditions, New(Progressing, "False", TimedOut, $"{subject} has timed out progressing.", state.Now));
        }
    }

    private static bool MadeProgress(V1DeploymentStatus before, V1DeploymentStatus now)
    {
        static int Old(V1DeploymentStatus status) => (status.Replicas ?? 0) - (status.UpdatedReplicas ?? 0);
        return (now.UpdatedReplicas ?? 0) > (before.UpdatedReplicas ?? 0)
            || Old(now) < Old(before)
            || (now.ReadyReplicas ?? 0) > (before.ReadyReplicas ?? 0)
            || (now.AvailableReplicas ?? 0) > (before.AvailableReplicas ?? 0);
    }
}

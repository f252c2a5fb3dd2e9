using k8s.Models;

namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>The conditions of a Deployment's status: when one changes and which times move with it. Pure.</summary>
internal static class DeploymentConditions
{
    public const string Available = "Available";
    public const string Progressing = "Progressing";
    public const string ReplicaFailure = "ReplicaFailure";

    public const string TimedOut = "ProgressDeadlineExceeded";
    public const string Complete = "NewReplicaSetAvailable";

    private const string Paused = "DeploymentPaused";
    private const string Resumed = "DeploymentResumed";

    public static V1DeploymentCondition? Find(IList<V1DeploymentCondition>? conditions, string type) => conditions?.FirstOrDefault(condition => condition.Type == type);

    public static V1DeploymentCondition New(string type, string status, string reason, string message, DateTime now) =>
        new() { Type = type, Status = status, Reason = reason, Message = message, LastUpdateTime = now, LastTransitionTime = now };

    /// <summary>Sets a condition. One with the same status and reason stays as it is; one with the same status keeps the time of its transition.</summary>
    public static void Set(List<V1DeploymentCondition> conditions, V1DeploymentCondition condition)
    {
        var present = Find(conditions, condition.Type);
        if (present?.Status == condition.Status && present.Reason == condition.Reason)
        {
            return;
        }

        if (present?.Status == condition.Status)
        {
            condition.LastTransitionTime = present.LastTransitionTime;
        }

        conditions.RemoveAll(known => known.Type == condition.Type);
        conditions.Add(condition);
    }

    /// <summary>A pause stops the clock of the progress deadline, and resuming starts it anew.</summary>
    public static void SetPaused(List<V1DeploymentCondition> conditions, DeploymentState state)
    {
        var present = Find(conditions, Progressing);
        if (!state.HasDeadline || present?.Reason == TimedOut)
        {
            return;
        }

        if (state.IsPaused && present?.Reason != Paused)
        {
            Set(conditions, New(Progressing, "Unknown", Paused, "Deployment is paused", state.Now));
        }
        else if (!state.IsPaused && present?.Reason == Paused)
        {
            Set(conditions, New(Progressing, "Unknown", Resumed, "Deployment is resumed", state.Now));
        }
    }

    /// <summary>A ReplicaSet's failure is the Deployment's; that of the present one counts first.</summary>
    public static void SetFailure(List<V1DeploymentCondition> conditions, DeploymentState state)
    {
        var sets = state.New is { } present ? state.Old.Prepend(present) : state.Old;
        var failure = sets.SelectMany(set => set.Status.Conditions ?? []).FirstOrDefault(condition => condition.Type == ReplicaFailure);
        if (failure is null)
        {
            conditions.RemoveAll(known => known.Type == ReplicaFailure);
            return;
        }

        Set(conditions, new V1DeploymentCondition
        {
            Type = ReplicaFailure,
            Status = failure.Status,
            Reason = failure.Reason,
            Message = failure.Message,
            LastUpdateTime = failure.LastTransitionTime,
            LastTransitionTime = failure.LastTransitionTime,
        });
    }
}

using Workspaces.Contracts;
using Workspaces.Injector.Targets;

namespace Workspaces.Injector.Planning;

/// <summary>What can be said against injecting by looking at the workload alone. Pure.</summary>
internal static class TargetRules
{
    /// <summary>The reason against it, or <see langword="null"/>.</summary>
    public static Refusal? Check(Workload target, InjectionMode mode)
    {
        if (mode == InjectionMode.Live)
        {
            return new Refusal(FailureReason.Unsupported, "Mode 'live' is not offered by this version. Leave 'mode' out to get a workspace by rollout.");
        }

        var spec = target.Template.Spec;
        if (target.IsBeingDeleted)
        {
            return new Refusal(FailureReason.TargetNotFound, $"{target.Title} is being deleted.");
        }

        if (spec.HostNetwork == true)
        {
            return new Refusal(
                FailureReason.Unsupported,
                $"The pods of {target.Title} are in the network of their node (hostNetwork: true): the workspace's SSH server would listen on the node itself.");
        }

        return CheckRollout(target);
    }

    /// <summary>A change of the template has to reach the pods.</summary>
    private static Refusal? CheckRollout(Workload target)
    {
        if (target.Template.Spec.ShareProcessNamespace == false)
        {
            return new Refusal(
                FailureReason.Conflict,
                $"The owner of {target.Title} says 'shareProcessNamespace: false', so its processes cannot be seen from another container. Remove that line, then start the workspace again.");
        }

        if (target.IsPaused)
        {
            return new Refusal(
                FailureReason.Conflict, $"{target.Title} is paused, so its pods would not be replaced. Run 'kubectl rollout resume' on it, then start the workspace again.");
        }

        if (target.IsOnDelete)
        {
            return new Refusal(
                FailureReason.Conflict,
                $"{target.Title} replaces a pod only when somebody deletes it (update strategy OnDelete). Change the strategy to RollingUpdate, then start the workspace again.");
        }

        if (target.Wanted == 0)
        {
            return new Refusal(
                FailureReason.Conflict,
                target.Kind == WorkloadKind.DaemonSet
                    ? $"No node is to run a pod of {target.Title}, so there is nothing to enter."
                    : $"{target.Title} has no replicas, so there is nothing to enter. Scale it up, then start the workspace again.");
        }

        return target.Reached == 0
            ? new Refusal(
                FailureReason.Conflict,
                $"{target.Title} has {target.Wanted} replicas and updates only those from ordinal {target.Partition} on (partition), so none would be replaced. Lower the partition, then start the workspace again.")
            : null;
    }
}

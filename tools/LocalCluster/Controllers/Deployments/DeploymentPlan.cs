namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>
/// What to do to a Deployment's ReplicaSets now. Pure. In order, as the real controller goes: 1. revision and annotations of the present
/// ReplicaSet; 2. a paused Deployment, or one that was scaled, only scales; 3. else the strategy decides; 4. when all is done, old ReplicaSets beyond
/// the history limit go.
/// </summary>
internal static class DeploymentPlan
{
    public static IReadOnlyList<DeploymentAction> Decide(DeploymentState state)
    {
        var actions = new List<DeploymentAction>();
        if (state.Deployment.Metadata.DeletionTimestamp is not null)
        {
            return actions;
        }

        // 1.
        if (state.New is { } present)
        {
            var missing = DeploymentAnnotations.ForPresent(state.Deployment.Metadata.Annotations ?? new Dictionary<string, string>(), present.Annotations, state.NewRevision);
            if (missing is not null || present.MinReadySeconds != (state.Deployment.Spec.MinReadySeconds ?? 0))
            {
                actions.Add(new DeploymentAction.Annotate(present, missing ?? new Dictionary<string, string>()));
            }
        }

        // 2.
        if (state.IsPaused || state.WasScaled)
        {
            actions.AddRange(DeploymentScaling.Decide(state));
            if (state.IsPaused)
            {
                actions.AddRange(Forget(state));
            }

            return actions;
        }

        // 3.
        var steps = state.IsRolling ? RollingStrategy.Decide(state) : Recreate(state);
        actions.AddRange(steps);

        // 4.
        if (steps.Count == 0 && DeploymentStatus.IsComplete(state, state.Deployment.Status))
        {
            actions.AddRange(Forget(state));
        }

        return actions;
    }

    /// <summary>Everything old goes, and is gone, before anything new is made.</summary>
    private static List<DeploymentAction> Recreate(DeploymentState state)
    {
        var down = state.Old.Where(set => set.Size > 0).Select(set => (DeploymentAction)new DeploymentAction.Scale(set, set.Size, 0)).ToList();
        if (down.Count > 0)
        {
            return down;
        }

        if (state.OldPodsRun || state.Old.Any(set => set.Status.Replicas > 0))
        {
            return [];
        }

        return state.New is not { } present ? [new DeploymentAction.Create(state.Replicas, state.NewRevision)]
            : present.Size != state.Replicas ? [new DeploymentAction.Scale(present, present.Size, state.Replicas)]
            : [];
    }

    private static IEnumerable<DeploymentAction> Forget(DeploymentState state)
    {
        if (state.Deployment.Spec.RevisionHistoryLimit is not { } limit || limit == int.MaxValue)
        {
            return [];
        }

        var alive = state.Old.Where(set => !set.IsDeleted).OrderBy(set => set.Revision).ToList();
        return alive.Take(Math.Max(0, alive.Count - limit))
            .Where(set => set.Status.Replicas == 0 && set.Size == 0 && set.Generation <= (set.Status.ObservedGeneration ?? 0))
            .Select(set => new DeploymentAction.Delete(set));
    }
}

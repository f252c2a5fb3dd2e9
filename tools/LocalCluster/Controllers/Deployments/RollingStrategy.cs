namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>
/// One step of a rolling update: up with the new, within the surge; else down with the old, as far as enough pods stay available. Pods
/// of old ReplicaSets that are not available go first, so that a bad rollout does not block the next. Pure.
/// </summary>
internal static class RollingStrategy
{
    public static List<DeploymentAction> Decide(DeploymentState state)
    {
        var total = state.All.Sum(set => set.Size);
        if (state.New is not { } present)
        {
            return [new DeploymentAction.Create(Grown(state, 0, total), state.NewRevision)];
        }

        var size = present.Size > state.Replicas ? state.Replicas : Grown(state, present.Size, total);
        if (size != present.Size)
        {
            return [new DeploymentAction.Scale(present, present.Size, size)];
        }

        return Shrink(state, present, total);
    }

    /// <summary>The size of the new ReplicaSet: what it has and what the surge leaves room for, up to what is desired.</summary>
    private static int Grown(DeploymentState state, int size, int total)
    {
        var room = state.Replicas + state.MaxSurge - total;
        return room <= 0 ? size : size + Math.Min(room, state.Replicas - size);
    }

    private static List<DeploymentAction> Shrink(DeploymentState state, ReplicaSetView present, int total)
    {
        var actions = new List<DeploymentAction>();
        var least = state.Replicas - state.MaxUnavailable;
        var most = total - least - (present.Size - present.Available);
        if (most <= 0 || state.Old.All(set => set.Size == 0))
        {
            return actions;
        }

        // Unavailable pods of old sets: their going makes nothing worse.
        var sizes = state.Old.ToDictionary(set => set, set => set.Size);
        foreach (var set in state.Old.Where(set => set.Size > 0))
        {
            var unavailable = Math.Min(most, set.Size - set.Available);
            if (unavailable > 0)
            {
                Lower(set, unavailable);
                most -= unavailable;
            }
        }

        // Available ones, as far as the new ones make up for them.
        var spare = state.All.Sum(set => set.Available) - least;
        foreach (var set in state.Old)
        {
            var lower = Math.Min(sizes[set], spare);
            if (lower > 0)
            {
                Lower(set, lower);
                spare -= lower;
            }
        }

        return actions;

        void Lower(ReplicaSetView set, int by)
        {
            actions.Add(new DeploymentAction.Scale(set, sizes[set], sizes[set] - by));
            sizes[set] -= by;
        }
    }
}

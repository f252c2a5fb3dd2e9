namespace Workspaces.LocalCluster.Controllers.Deployments;

/// <summary>
/// Scaling in the middle of a rollout, or of a paused Deployment: the pods to add or remove are spread over the ReplicaSets in proportion to their
/// sizes, so that scaling does not hasten the rollout
/// (https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#proportional-scaling). Pure.
/// </summary>
internal static class DeploymentScaling
{
    public static IReadOnlyList<DeploymentAction> Decide(DeploymentState state)
    {
        var active = state.All.Where(set => set.Size > 0).ToList();
        if (active.Count <= 1)
        {
            // One set, or none: then the present one, or the newest.
            var only = active.Count == 1 ? active[0] : state.New ?? (state.Old.Count > 0 ? state.Old[^1] : null);
            return only is null || only.Size == state.Replicas ? [] : [new DeploymentAction.Scale(only, only.Size, state.Replicas)];
        }

        if (state.New is { } present && present.Size == state.Replicas && present.Desired == state.Replicas && present.Available == state.Replicas)
        {
            return [.. state.Old.Where(set => set.Size > 0).Select(set => new DeploymentAction.Scale(set, set.Size, 0))];
        }

        return state.IsRolling ? Spread(state, active) : [];
    }

    private static List<DeploymentAction> Spread(DeploymentState state, List<ReplicaSetView> active)
    {
        var allowed = state.Replicas > 0 ? state.Replicas + state.MaxSurge : 0;
        var toAdd = allowed - active.Sum(set => set.Size);

        // Larger sets first; of equal ones the newer grow first and the older shrink first.
        var older = active.OrderBy(set => set.Created).ThenBy(set => set.Name, StringComparer.Ordinal);
        var ordered = (toAdd > 0 ? older.Reverse() : older).OrderByDescending(set => set.Size).ToList();
        var sizes = new int[ordered.Count];
        var added = 0;
        for (var i = 0; i < ordered.Count; i++)
        {
            var share = toAdd == 0 || toAdd == added ? 0 : Share(state, ordered[i]);
            share = toAdd > 0 ? Math.Min(share, toAdd - added) : Math.Max(share, toAdd - added);
            share = toAdd == added ? 0 : share;
            sizes[i] = ordered[i].Size + share;
            added += share;
        }

        // What rounding left over goes to the largest.
        sizes[0] = Math.Max(0, sizes[0] + (toAdd - added));
        return [.. ordered.Select((set, i) => new DeploymentAction.Scale(set, set.Size, sizes[i])).Where(scale => NeedsWrite(state, scale))];
    }

    /// <summary>How many pods more (or, negative, fewer) a set should have by its part of the whole.</summary>
    private static int Share(DeploymentState state, ReplicaSetView set)
    {
        if (state.Replicas == 0)
        {
            return -set.Size;
        }

        var before = set.Max is > 0 and var known ? known : state.Deployment.Status?.Replicas ?? 0;
        if (before == 0)
        {
            return 0;
        }

        var exact = (double)set.Size * (state.Replicas + state.MaxSurge) / before;
        return (int)Math.Round(exact, MidpointRounding.AwayFromZero) - set.Size;
    }

    private static bool NeedsWrite(DeploymentState state, DeploymentAction.Scale scale) =>
        scale.From != scale.To || scale.Set.Desired != state.Replicas || scale.Set.Max != state.Replicas + state.MaxSurge;
}

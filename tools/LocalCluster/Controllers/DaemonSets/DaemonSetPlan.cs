using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.DaemonSets;

/// <summary>
/// Which nodes get a pod and which pods go. Pure. First every node has what it should: one pod, or two while one replaces the other; when that is so,
/// pods of older templates are replaced, within the limits of the update strategy.
/// </summary>
internal sealed class DaemonSetPlan
{
    /// <summary>The nodes that a pod is made for.</summary>
    public List<string> Create { get; } = [];

    public List<V1Pod> Delete { get; } = [];

    /// <summary>Those of <see cref="Delete"/> that failed, with their nodes: each has an event, and a node where it happens again waits longer.</summary>
    public List<(string Node, V1Pod Pod)> Failed { get; } = [];

    /// <summary>Those of <see cref="Delete"/> that ended well, which a daemon should not.</summary>
    public List<V1Pod> Succeeded { get; } = [];

    /// <summary>When a failed pod that stays for now may go.</summary>
    public TimeSpan? LookAgain { get; private set; }

    private bool IsEmpty => Create.Count == 0 && Delete.Count == 0;

    /// <param name="state">The DaemonSet, nodes and pods.</param>
    /// <param name="backOff">How long a failed pod on a node has to stay; zero: it can go.</param>
    public static DaemonSetPlan Decide(DaemonSetState state, Func<string, TimeSpan> backOff)
    {
        var plan = new DaemonSetPlan();
        foreach (var node in state.Nodes)
        {
            plan.Manage(state, node, backOff);
        }

        var known = state.Nodes.Select(node => node.Name).ToHashSet();
        plan.Delete.AddRange(state.PodsByNode.Where(entry => !known.Contains(entry.Key)).SelectMany(entry => entry.Value).Where(pod => string.IsNullOrEmpty(pod.Spec.NodeName)));
        if (plan.IsEmpty && state.RollsByItself)
        {
            var (create, delete) = DaemonSetRollout.Decide(state);
            plan.Create.AddRange(create);
            plan.Delete.AddRange(delete);
        }

        return plan;
    }

    private void Manage(DaemonSetState state, DaemonNode node, Func<string, TimeSpan> backOff)
    {
        var exists = state.PodsByNode.TryGetValue(node.Name, out var pods);
        if (node.ShouldRun && !exists)
        {
            Create.Add(node.Name);
        }
        else if (node.MayStay)
        {
            Tidy(state, node, [.. (pods ?? []).Where(pod => !PodConditions.IsTerminating(pod))], backOff);
        }
        else if (exists)
        {
            Delete.AddRange(pods!.Where(pod => !PodConditions.IsTerminating(pod)));
        }
    }

    /// <summary>Ended pods go, and those beyond the one (or two) that a node has.</summary>
    private void Tidy(DaemonSetState state, DaemonNode node, IReadOnlyList<V1Pod> pods, Func<string, TimeSpan> backOff)
    {
        foreach (var pod in pods.Where(pod => pod.Status?.Phase == "Failed"))
        {
            var wait = backOff(node.Name);
            if (wait > TimeSpan.Zero)
            {
                LookAgain = LookAgain is { } earlier && earlier < wait ? earlier : wait;
                continue;
            }

            Failed.Add((node.Name, pod));
            Delete.Add(pod);
        }

        Succeeded.AddRange(pods.Where(pod => pod.Status?.Phase == "Succeeded"));
        Delete.AddRange(pods.Where(pod => pod.Status?.Phase == "Succeeded"));
        var running = pods.Where(pod => !PodConditions.HasEnded(pod)).ToList();
        if (!state.AllowsSurge)
        {
            Delete.AddRange(running.Skip(1));
        }
        else if (running.Count == 0 && node.ShouldRun)
        {
            Create.Add(node.Name);
        }
        else if (running.Count > 1)
        {
            TidySurge(state, running);
        }
    }

    /// <summary>The oldest pod of the present template and the oldest of another may both stay, until the new one is available or the old one fails.</summary>
    private void TidySurge(DaemonSetState state, List<V1Pod> running)
    {
        var present = running.Find(pod => DaemonPods.Label(pod, DaemonPods.HashLabel) == state.Hash);
        var old = running.Find(pod => DaemonPods.Label(pod, DaemonPods.HashLabel) != state.Hash);
        Delete.AddRange(running.Where(pod => pod != present && pod != old));
        if (present is not null && old is not null && (!PodConditions.IsReady(old) || state.IsAvailable(present)))
        {
            Delete.Add(old);
        }
    }
}

using k8s.Models;
using Workspaces.LocalCluster.Controllers.Pods;

namespace Workspaces.LocalCluster.Controllers.DaemonSets;

/// <summary>
/// The update of a DaemonSet's pods
/// (https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/). Without surge old pods are deleted, as many as may be unavailable; with surge a
/// new pod is made beside the old one, which goes when the new one is available. Old pods that are not available do not wait. Pure.
/// </summary>
internal static class DaemonSetRollout
{
    public static (IReadOnlyList<string> Create, IReadOnlyList<V1Pod> Delete) Decide(DaemonSetState state)
    {
        var nodes = state.PodsByNode.Keys.Union(state.Nodes.Where(node => node.ShouldRun).Select(node => node.Name)).Order(StringComparer.Ordinal)
            .Select(node => Look(state, node)).ToList();
        return state.MaxSurge == 0 ? ([], Replace(state, nodes)) : Surge(state, nodes);
    }

    private static NodePods Look(DaemonSetState state, string node)
    {
        var pods = state.PodsByNode.GetValueOrDefault(node, []).Where(pod => !PodConditions.IsTerminating(pod)).ToList();
        var present = pods.Where(pod => DaemonPods.IsUpdated(pod, state)).ToList();
        var old = pods.Where(pod => !DaemonPods.IsUpdated(pod, state)).ToList();
        return new NodePods(node, present.FirstOrDefault(), old.FirstOrDefault(), present.Count > 1 || old.Count > 1);
    }

    private static List<V1Pod> Replace(DaemonSetState state, List<NodePods> nodes)
    {
        var (unavailable, free, candidates) = (0, new List<V1Pod>(), new List<V1Pod>());
        foreach (var node in nodes)
        {
            if (node.IsCrowded || node.New is null == node.Old is null)
            {
                unavailable++; // without a pod for now, or with too many
            }
            else if (node.New is { } present)
            {
                unavailable += state.IsAvailable(present) ? 0 : 1;
            }
            else if (!state.IsAvailable(node.Old!))
            {
                free.Add(node.Old!);
                unavailable++;
            }
            else if (unavailable < state.MaxUnavailable)
            {
                candidates.Add(node.Old!);
            }
        }

        return [.. free, .. candidates.Take(Math.Max(0, state.MaxUnavailable - unavailable))];
    }

    private static (IReadOnlyList<string> Create, IReadOnlyList<V1Pod> Delete) Surge(DaemonSetState state, List<NodePods> nodes)
    {
        var shouldRun = state.Nodes.Where(node => node.ShouldRun).Select(node => node.Name).ToHashSet();
        var (surge, available) = (0, 0);
        var (create, candidates, delete, leaving) = (new List<string>(), new List<string>(), new List<V1Pod>(), new List<V1Pod>());
        foreach (var node in nodes)
        {
            if (node.IsCrowded)
            {
                surge++;
                continue;
            }

            available += (node.Old ?? node.New) is { } counted && state.IsAvailable(counted) ? 1 : 0;
            if (node.Old is not { } old)
            {
                continue;
            }

            if (node.New is { } present)
            {
                if (state.IsAvailable(present))
                {
                    delete.Add(old);
                }
                else
                {
                    surge++;
                }
            }
            else if (!shouldRun.Contains(node.Name))
            {
                // What leaves a node waits until there are enough elsewhere.
                (state.IsAvailable(old) ? leaving : delete).Add(old);
            }
            else if (!state.IsAvailable(old))
            {
                create.Add(node.Name);
            }
            else if (surge < state.MaxSurge)
            {
                candidates.Add(node.Name);
            }
        }

        delete.AddRange(leaving.Take(Math.Max(0, available - state.Desired)));
        create.AddRange(candidates.Take(Math.Max(0, state.MaxSurge - surge)));
        return (create, delete);
    }

    /// <summary>A node's pods that are not being deleted.</summary>
    private sealed record NodePods(string Name, V1Pod? New, V1Pod? Old, bool IsCrowded);
}

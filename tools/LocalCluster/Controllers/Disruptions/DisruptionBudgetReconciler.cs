using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Controllers.Reconciling;
using Workspaces.LocalCluster.Node;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Controllers.Disruptions;

/// <summary>The disruption controller: keeps the numbers by which evictions are granted. See <see cref="DisruptionBudgetStatus"/>.</summary>
internal sealed class DisruptionBudgetReconciler(IClusterApi api, ClusterView view, TimeProvider time) : IReconciler
{
    private const string Component = "controllermanager";

    private readonly ExpectedScale _scale = new(view);

    public ResourceType Type => ResourceTypes.PodDisruptionBudgets;

    public IReadOnlyList<ResourceType> Watched { get; } = [ResourceTypes.Pods];

    public IEnumerable<ObjectKey> Concerned(StoredObject changed) =>
        view.List(Type, changed.Namespace).Where(budget => Selector(budget)?.Matches(changed.Labels) == true).Select(ObjectKey.Of);

    public async Task<TimeSpan?> ReconcileAsync(ObjectKey key, CancellationToken ct)
    {
        if (view.Get(Type, key.Namespace, key.Name) is not { } stored)
        {
            return null;
        }

        var budget = stored.As<V1PodDisruptionBudget>();
        var selector = Selector(stored);
        List<StoredObject> pods = selector is null ? [] : [.. view.List(ResourceTypes.Pods, stored.Namespace).Where(pod => selector.Matches(pod.Labels))];
        if (pods.Count == 0)
        {
            api.RecordEvent(stored.Json, "Normal", "NoPods", "No matching pods found", Component);
        }

        var now = time.GetUtcNow().UtcDateTime;
        var status = Build(stored, budget, pods, now);
        await WriteAsync(stored, status, ct);
        return DisruptionBudgetStatus.UntilRecheck(status, now);
    }

    private static LabelSelector? Selector(StoredObject budget) => LabelSelector.Of(budget.Json.At("spec", "selector") as JsonObject);

    private V1PodDisruptionBudgetStatus Build(StoredObject stored, V1PodDisruptionBudget budget, List<StoredObject> pods, DateTime now)
    {
        var scale = 0;
        if (DisruptionBudgetStatus.NeedsScale(budget))
        {
            (scale, var unmanaged, var problem) = _scale.Of(pods);
            if (problem is not null)
            {
                api.RecordEvent(stored.Json, "Warning", "CalculateExpectedPodCountFailed", $"Failed to calculate the number of expected pods: {problem}", Component);
                return DisruptionBudgetStatus.Failed(budget, problem, now);
            }

            if (unmanaged.Count > 0)
            {
                api.RecordEvent(
                    stored.Json, "Warning", "UnmanagedPods",
                    $"Pods selected by this PodDisruptionBudget (selector: {SelectorText(budget.Spec.Selector)}) were found to be unmanaged. As a result, the status of the PDB "
                    + "cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set \".spec.minAvailable\" "
                    + "field of the PDB to an integer value.", Component);
            }
        }

        return DisruptionBudgetStatus.Build(budget, [.. pods.Select(pod => pod.As<V1Pod>())], scale, now);
    }

    /// <summary>A selector as Go prints it.</summary>
    private static string SelectorText(V1LabelSelector selector)
    {
        var labels = (selector.MatchLabels ?? new Dictionary<string, string>()).OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => $"{label.Key}: {label.Value},");
        var expressions = (selector.MatchExpressions ?? [])
            .Select(expression => $"{{{expression.Key} {expression.OperatorProperty} [{string.Join(' ', expression.Values ?? [])}]}},");
        return $"&LabelSelector{{MatchLabels:map[string]string{{{string.Concat(labels)}}},MatchExpressions:[]LabelSelectorRequirement{{{string.Concat(expressions)}}},}}";
    }

    /// <summary>An eviction that was granted meanwhile is a conflict, so that no disruption is granted twice.</summary>
    private async Task WriteAsync(StoredObject stored, V1PodDisruptionBudgetStatus status, CancellationToken ct)
    {
        var changed = stored.Copy();
        changed["status"] = KubernetesModel.ToJson(status);
        try
        {
            await api.UpdateAsync(Type, changed, ControllerNames.FieldManager, "status", ct);
        }
        catch (ApiStatusException e) when (e.IsNotFound)
        {
            // It went meanwhile.
        }
    }
}

using System.Globalization;
using k8s.Models;

namespace Workspaces.LocalCluster.Node.Scheduling;

/// <summary>nodeSelector and the required part of node affinity.</summary>
internal static class NodeSelection
{
    public static bool Matches(V1Pod pod, V1Node node)
    {
        var labels = node.Metadata.Labels ?? new Dictionary<string, string>();
        if ((pod.Spec.NodeSelector ?? new Dictionary<string, string>()).Any(wanted => !labels.TryGetValue(wanted.Key, out var value) || value != wanted.Value))
        {
            return false;
        }

        var required = pod.Spec.Affinity?.NodeAffinity?.RequiredDuringSchedulingIgnoredDuringExecution;
        return required is null || required.NodeSelectorTerms.Any(term =>
            (term.MatchExpressions ?? []).All(expression => Matches(expression, labels))
            && (term.MatchFields ?? []).All(field => Matches(field, new Dictionary<string, string> { ["metadata.name"] = node.Metadata.Name })));
    }

    private static bool Matches(V1NodeSelectorRequirement requirement, IDictionary<string, string> labels)
    {
        var present = labels.TryGetValue(requirement.Key, out var value);
        var values = requirement.Values ?? [];
        return requirement.OperatorProperty switch
        {
            "In" => present && values.Contains(value!),
            "NotIn" => !present || !values.Contains(value!),
            "Exists" => present,
            "DoesNotExist" => !present,
            "Gt" => Number(value) > Number(values.FirstOrDefault()),
            "Lt" => Number(value) < Number(values.FirstOrDefault()),
            _ => false,
        };
    }

    private static long? Number(string? text) => long.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;
}

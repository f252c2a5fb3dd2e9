using k8s.Models;

namespace Workspaces.LocalCluster.Controllers;

/// <summary>Label selectors of objects in the text form that lists take.</summary>
internal static class Selectors
{
    public static string Text(V1LabelSelector selector)
    {
        var terms = (selector.MatchLabels ?? new Dictionary<string, string>()).Select(pair => $"{pair.Key}={pair.Value}");
        return string.Join(',', terms.Concat((selector.MatchExpressions ?? []).Select(Term)));
    }

    public static string Text(IDictionary<string, string> labels) => string.Join(',', labels.Select(pair => $"{pair.Key}={pair.Value}"));

    private static string Term(V1LabelSelectorRequirement requirement) => requirement.OperatorProperty switch
    {
        "In" => $"{requirement.Key} in ({string.Join(',', requirement.Values)})",
        "NotIn" => $"{requirement.Key} notin ({string.Join(',', requirement.Values)})",
        "Exists" => requirement.Key,
        _ => "!" + requirement.Key,
    };
}

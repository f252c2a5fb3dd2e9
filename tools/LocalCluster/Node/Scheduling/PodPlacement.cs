using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Selecting;

namespace Workspaces.LocalCluster.Node.Scheduling;

/// <summary>
/// The rules between pods on a cluster of one node: required pod affinity and anti-affinity, and topology spread that must be kept
/// (https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/, .../topology-spread-constraints/). Preferences have nothing to choose from here.
/// </summary>
internal static class PodPlacement
{
    /// <summary>Null when all rules are kept, else the reason in the scheduler's words.</summary>
    public static string? Check(V1Pod pod, V1Node node, IReadOnlyCollection<V1Pod> others, Func<string, JsonObject?> namespaceLabels)
    {
        var labels = node.Metadata.Labels ?? new Dictionary<string, string>();
        return CheckSpread(pod, labels, others) ?? CheckAffinity(pod, labels, others, namespaceLabels) ?? CheckAntiAffinity(pod, labels, others, namespaceLabels);
    }

    private static string? CheckSpread(V1Pod pod, IDictionary<string, string> labels, IReadOnlyCollection<V1Pod> others)
    {
        foreach (var rule in (pod.Spec.TopologySpreadConstraints ?? []).Where(rule => rule.WhenUnsatisfiable == "DoNotSchedule"))
        {
            if (!labels.ContainsKey(rule.TopologyKey))
            {
                return "node(s) didn't match pod topology spread constraints (missing required label)";
            }

            // With one domain the least count is the domain's own, unless the rule asks for more domains than there are.
            var selector = Selector(rule.LabelSelector, rule.MatchLabelKeys, pod);
            var count = others.Count(other => other.Metadata.NamespaceProperty == pod.Metadata.NamespaceProperty && Matches(selector, other));
            var least = rule.MinDomains is > 1 ? 0 : count;
            if (count + (Matches(selector, pod) ? 1 : 0) - least > rule.MaxSkew)
            {
                return "node(s) didn't match pod topology spread constraints";
            }
        }

        return null;
    }

    private static string? CheckAffinity(V1Pod pod, IDictionary<string, string> labels, IReadOnlyCollection<V1Pod> others, Func<string, JsonObject?> namespaceLabels)
    {
        var terms = pod.Spec.Affinity?.PodAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [];
        if (terms.Count == 0)
        {
            return null;
        }

        // The first pod of a group that wants to be together has nobody to join: it may go where the topology exists.
        var isFirst = !others.Any(other => terms.All(term => Concerns(term, pod, other, namespaceLabels))) && terms.All(term => Concerns(term, pod, pod, namespaceLabels));
        return terms.All(term => labels.ContainsKey(term.TopologyKey) && (isFirst || others.Any(other => Concerns(term, pod, other, namespaceLabels))))
            ? null
            : "node(s) didn't match pod affinity rules";
    }

    private static string? CheckAntiAffinity(V1Pod pod, IDictionary<string, string> labels, IReadOnlyCollection<V1Pod> others, Func<string, JsonObject?> namespaceLabels)
    {
        if (Avoids(pod).Any(term => labels.ContainsKey(term.TopologyKey) && others.Any(other => Concerns(term, pod, other, namespaceLabels))))
        {
            return "node(s) didn't match pod anti-affinity rules";
        }

        return others.Any(other => Avoids(other).Any(term => labels.ContainsKey(term.TopologyKey) && Concerns(term, other, pod, namespaceLabels)))
            ? "node(s) didn't satisfy existing pods anti-affinity rules"
            : null;
    }

    private static IList<V1PodAffinityTerm> Avoids(V1Pod pod) => pod.Spec.Affinity?.PodAntiAffinity?.RequiredDuringSchedulingIgnoredDuringExecution ?? [];

    /// <summary>Whether a term of one pod is about another.</summary>
    private static bool Concerns(V1PodAffinityTerm term, V1Pod owner, V1Pod other, Func<string, JsonObject?> namespaceLabels)
    {
        var ns = other.Metadata.NamespaceProperty;
        var named = term.Namespaces is { Count: > 0 } names ? names.Contains(ns) : term.NamespaceSelector is null && ns == owner.Metadata.NamespaceProperty;
        var selected = term.NamespaceSelector is { } selector && LabelSelector.Of(KubernetesModel.ToJson(selector))?.Matches(namespaceLabels(ns)) == true;
        return (named || selected) && Matches(Selector(term.LabelSelector, term.MatchLabelKeys, owner), other);
    }

    /// <summary>The selector with the owner's own values for the keys of matchLabelKeys.</summary>
    private static LabelSelector? Selector(V1LabelSelector? selector, IList<string>? keys, V1Pod owner)
    {
        if (selector is null)
        {
            return null;
        }

        var json = KubernetesModel.ToJson(selector);
        foreach (var key in keys ?? [])
        {
            if (owner.Metadata.Labels?.TryGetValue(key, out var value) == true)
            {
                var labels = json["matchLabels"] as JsonObject ?? [];
                labels[key] = value;
                json["matchLabels"] = labels;
            }
        }

        return LabelSelector.Of(json);
    }

    private static bool Matches(LabelSelector? selector, V1Pod pod) =>
        selector?.Matches(new JsonObject((pod.Metadata.Labels ?? new Dictionary<string, string>()).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)))) == true;
}

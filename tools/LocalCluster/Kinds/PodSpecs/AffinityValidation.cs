using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds.PodSpecs;

/// <summary>Which nodes and neighbours a pod wants.</summary>
internal static class AffinityValidation
{
    private const string Required = "requiredDuringSchedulingIgnoredDuringExecution";
    private const string Preferred = "preferredDuringSchedulingIgnoredDuringExecution";

    public static void OfPod(JsonNode? affinity, string at, List<FieldError> errors)
    {
        if (affinity.At("nodeAffinity") is { } node)
        {
            OfNode(node, $"{at}.nodeAffinity", errors);
        }

        foreach (var kind in new[] { affinity.At("podAffinity"), affinity.At("podAntiAffinity") }.OfType<JsonObject>())
        {
            OfPods(kind, $"{at}.{kind.GetPropertyName()}", errors);
        }
    }

    private static void OfNode(JsonNode affinity, string at, List<FieldError> errors)
    {
        if (affinity[Required] is JsonObject required)
        {
            var terms = required.Objects("nodeSelectorTerms").ToList();
            if (terms.Count == 0)
            {
                errors.Add(FieldError.Required($"{at}.{Required}.nodeSelectorTerms", "must have at least one node selector term"));
            }

            for (var i = 0; i < terms.Count; i++)
            {
                NodeTerm(terms[i], $"{at}.{Required}.nodeSelectorTerms[{i}]", errors);
            }
        }

        var index = 0;
        foreach (var preferred in affinity.Objects(Preferred))
        {
            var field = $"{at}.{Preferred}[{index++}]";
            Weight(preferred, field, errors);
            NodeTerm(preferred["preference"], $"{field}.preference", errors);
        }
    }

    private static void NodeTerm(JsonNode? term, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var expression in term.Objects("matchExpressions"))
        {
            Checks.Requirement(expression, $"{at}.matchExpressions[{index++}]", errors, ofNodes: true);
        }
    }

    private static void OfPods(JsonObject affinity, string at, List<FieldError> errors)
    {
        var index = 0;
        foreach (var term in affinity.Objects(Required))
        {
            PodTerm(term, $"{at}.{Required}[{index++}]", errors);
        }

        index = 0;
        foreach (var preferred in affinity.Objects(Preferred))
        {
            var field = $"{at}.{Preferred}[{index++}]";
            Weight(preferred, field, errors);
            PodTerm(preferred["podAffinityTerm"], $"{field}.podAffinityTerm", errors);
        }
    }

    private static void PodTerm(JsonNode? term, string at, List<FieldError> errors)
    {
        Checks.Selector(term.At("labelSelector"), $"{at}.labelSelector", errors);
        Checks.Selector(term.At("namespaceSelector"), $"{at}.namespaceSelector", errors);
        foreach (var ns in (term.At("namespaces") as JsonArray ?? []).Select(n => (string?)n ?? ""))
        {
            if (Names.WrongLabel(ns) is { } wrong)
            {
                errors.Add(FieldError.Invalid($"{at}.namespace", FieldError.Quote(ns), wrong));
            }
        }

        var key = term.Text("topologyKey") ?? "";
        if (key.Length == 0)
        {
            errors.Add(FieldError.Required($"{at}.topologyKey", "can not be empty"));
        }

        Checks.QualifiedName(key, $"{at}.topologyKey", errors);
    }

    private static void Weight(JsonObject preferred, string at, List<FieldError> errors)
    {
        var weight = preferred.Number("weight") ?? 0;
        if (weight is < 1 or > 100)
        {
            errors.Add(FieldError.Invalid($"{at}.weight", $"{weight}", "must be in the range 1-100"));
        }
    }
}

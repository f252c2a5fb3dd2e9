using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>Roles and ClusterRoles.</summary>
internal sealed class RoleRules(bool isNamespaced) : KindRules
{
    public override void Validate(JsonObject obj, List<FieldError> errors)
    {
        var index = 0;
        foreach (var rule in obj.Objects("rules"))
        {
            Rule(rule, $"rules[{index++}]", errors);
        }

        if (obj["aggregationRule"] is JsonObject aggregation)
        {
            Aggregation(aggregation, "aggregationRule.clusterRoleSelectors", errors);
        }
    }

    public override string? WrongName(string name) => Names.WrongPathSegment(name);

    private static bool Has(JsonObject rule, string list) => rule[list] is JsonArray { Count: > 0 };

    private static void Aggregation(JsonObject aggregation, string at, List<FieldError> errors)
    {
        var selectors = aggregation.Objects("clusterRoleSelectors").ToList();
        if (selectors.Count == 0)
        {
            errors.Add(FieldError.Required(at, "at least one clusterRoleSelector required if aggregationRule is non-nil"));
        }

        for (var i = 0; i < selectors.Count; i++)
        {
            var before = errors.Count;
            Checks.Selector(selectors[i], $"{at}[{i}]", errors);
            if (errors.Count > before)
            {
                errors.Add(FieldError.Invalid($"{at}[{i}]", "null", "invalid label selector."));
            }
        }
    }

    private void Rule(JsonObject rule, string at, List<FieldError> errors)
    {
        if (!Has(rule, "verbs"))
        {
            errors.Add(FieldError.Required($"{at}.verbs", "verbs must contain at least one value"));
        }

        if (Has(rule, "nonResourceURLs"))
        {
            var shown = GoStructs.Any(rule["nonResourceURLs"]);
            if (isNamespaced)
            {
                errors.Add(FieldError.Invalid($"{at}.nonResourceURLs", shown, "namespaced rules cannot apply to non-resource URLs"));
            }

            if (Has(rule, "apiGroups") || Has(rule, "resources") || Has(rule, "resourceNames"))
            {
                errors.Add(FieldError.Invalid($"{at}.nonResourceURLs", shown, "rules cannot apply to both regular resources and non-resource URLs"));
            }

            return;
        }

        if (!Has(rule, "apiGroups"))
        {
            errors.Add(FieldError.Required($"{at}.apiGroups", "resource rules must supply at least one api group"));
        }

        if (!Has(rule, "resources"))
        {
            errors.Add(FieldError.Required($"{at}.resources", "resource rules must supply at least one resource"));
        }
    }
}

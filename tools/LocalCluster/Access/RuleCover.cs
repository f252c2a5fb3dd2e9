using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Access;

/// <summary>Which rights of some rules others do not give. Each right is one verb on one resource of one group (and name), or on one path.</summary>
internal static class RuleCover
{
    private static readonly string[] Parts = ["apiGroups", "resources", "nonResourceURLs", "resourceNames", "verbs"];

    /// <summary>Rights that nothing in <paramref name="held"/> gives, each as a rule of its own.</summary>
    public static IReadOnlyList<JsonObject> Missing(IEnumerable<JsonObject> held, IEnumerable<JsonObject> wanted)
    {
        var owned = held.ToList();
        return [.. wanted.SelectMany(Rights).Where(right => !owned.Exists(rule => Covers(rule, right)))];
    }

    /// <summary>As messages list them: rights on one resource together, in the order of their texts.</summary>
    public static IEnumerable<string> Describe(IReadOnlyList<JsonObject> rights)
    {
        var texts = rights.Where(r => r["nonResourceURLs"] is not null).Select(r => Describe(r, Values(r, "verbs")));
        var resources = rights.Where(r => r["nonResourceURLs"] is null)
            .GroupBy(r => (Group: Values(r, "apiGroups")[0], Resource: Values(r, "resources")[0], Name: Values(r, "resourceNames").FirstOrDefault()))
            .Select(g => Describe(g.First(), [.. g.SelectMany(r => Values(r, "verbs"))]));
        return texts.Concat(resources).Distinct().Order(StringComparer.Ordinal);
    }

    private static string Describe(JsonObject rule, List<string> verbs)
    {
        var shown = Parts.Select(p => (Part: p, Values: p == "verbs" ? verbs : Values(rule, p))).Where(p => p.Values.Count > 0)
            .Select(p => $"{char.ToUpperInvariant(p.Part[0])}{p.Part[1..]}:[{string.Join(" ", p.Values.Select(FieldError.Quote))}]".Replace("ApiGroups", "APIGroups", StringComparison.Ordinal));
        return $"{{{string.Join(", ", shown)}}}";
    }

    private static IEnumerable<JsonObject> Rights(JsonObject rule)
    {
        foreach (var (group, resource) in Values(rule, "apiGroups").SelectMany(g => Values(rule, "resources").Select(r => (g, r))))
        {
            foreach (var verb in Values(rule, "verbs"))
            {
                var names = Values(rule, "resourceNames");
                foreach (var name in names.Count == 0 ? [null] : names.Cast<string?>())
                {
                    var right = new JsonObject { ["apiGroups"] = new JsonArray(group), ["resources"] = new JsonArray(resource), ["verbs"] = new JsonArray(verb) };
                    if (name is not null)
                    {
                        right["resourceNames"] = new JsonArray(name);
                    }

                    yield return right;
                }
            }
        }

        foreach (var (path, verb) in Values(rule, "nonResourceURLs").SelectMany(p => Values(rule, "verbs").Select(v => (p, v))))
        {
            yield return new JsonObject { ["nonResourceURLs"] = new JsonArray(path), ["verbs"] = new JsonArray(verb) };
        }
    }

    private static bool Covers(JsonObject rule, JsonObject right)
    {
        var names = Values(rule, "resourceNames");
        var wantedNames = Values(right, "resourceNames");
        return HasAll(rule, right, "verbs")
            && HasAll(rule, right, "apiGroups")
            && Values(right, "resources").TrueForAll(r => CoversResource(Values(rule, "resources"), r))
            && Values(right, "nonResourceURLs").TrueForAll(p => Values(rule, "nonResourceURLs").Exists(owned => CoversPath(owned, p)))
            && (names.Count == 0 || (wantedNames.Count > 0 && wantedNames.TrueForAll(names.Contains)));
    }

    private static bool HasAll(JsonObject rule, JsonObject right, string part)
    {
        var owned = Values(rule, part);
        return owned.Contains("*") || Values(right, part).TrueForAll(owned.Contains);
    }

    private static bool CoversResource(List<string> owned, string resource) =>
        owned.Contains("*") || owned.Contains(resource)
        || (resource.Contains('/', StringComparison.Ordinal) && owned.Contains("*/" + resource[(resource.IndexOf('/', StringComparison.Ordinal) + 1)..]));

    private static bool CoversPath(string owned, string path) =>
        owned == path || (owned.EndsWith('*') && path.StartsWith(owned.TrimEnd('*'), StringComparison.Ordinal));

    private static List<string> Values(JsonObject rule, string part) => [.. (rule[part] as JsonArray ?? []).Select(v => (string?)v ?? "")];
}

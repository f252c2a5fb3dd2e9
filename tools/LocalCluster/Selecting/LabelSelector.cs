using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Selecting;

/// <summary>
/// A label selector, in its text form (<c>app=web,tier in (a, b),!old</c>) or as matchLabels and matchExpressions
/// (https://kubernetes.io/docs/concepts/overview/working-with-objects/labels).
/// </summary>
public sealed partial class LabelSelector
{
    private readonly List<Requirement> _requirements;

    private LabelSelector(List<Requirement> requirements) => _requirements = requirements;

    public static LabelSelector Everything { get; } = new([]);

    public bool IsEmpty => _requirements.Count == 0;

    /// <summary>Reads the text form. 400 where it is not one.</summary>
    public static LabelSelector Parse(string? text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return Everything;
        }

        var requirements = new List<Requirement>();
        var position = 0;
        while (position < text.Length)
        {
            var match = Term().Match(text, position);
            if (!match.Success || match.Index != position)
            {
                throw ApiErrors.BadRequest($"unable to parse requirement: found '{text[position..].Trim()}', expected: an expression such as a=b, a in (b, c) or !a");
            }

            requirements.Add(Read(match));
            position = match.Index + match.Length;
            if (position < text.Length && text[position] == ',')
            {
                position++;
                if (position == text.Length)
                {
                    throw ApiErrors.BadRequest("unable to parse requirement: found '', expected: identifier after ','");
                }
            }
            else if (position < text.Length)
            {
                throw ApiErrors.BadRequest($"unable to parse requirement: found '{text[position..].Trim()}', expected: ',' or end of string");
            }
        }

        return new LabelSelector(requirements);
    }

    /// <summary>Reads a LabelSelector object; null selects nothing, an empty one everything.</summary>
    public static LabelSelector? Of(JsonObject? selector)
    {
        if (selector is null)
        {
            return null;
        }

        var requirements = (selector["matchLabels"] as JsonObject ?? [])
            .Select(p => new Requirement(p.Key, "in", [(string?)p.Value ?? ""]))
            .ToList();
        foreach (var expression in selector.Objects("matchExpressions"))
        {
            var values = (expression["values"] as JsonArray ?? []).Select(v => (string?)v ?? "").ToHashSet();
            requirements.Add(new Requirement(expression.Text("key") ?? "", (expression.Text("operator") ?? "").ToLowerInvariant(), values));
        }

        return new LabelSelector(requirements);
    }

    /// <summary>Selects what carries all of these labels.</summary>
    public static LabelSelector OfLabels(JsonObject labels) => Of(new JsonObject { ["matchLabels"] = labels.DeepClone() })!;

    public bool Matches(JsonObject? labels) => _requirements.TrueForAll(r => r.Matches(labels));

    private static Requirement Read(Match match)
    {
        var key = match.Groups["key"].Value;
        if (match.Groups["absent"].Success)
        {
            return new Requirement(key, "doesnotexist", []);
        }

        if (match.Groups["word"].Success)
        {
            var values = match.Groups["set"].Value.Split(',').Select(v => v.Trim()).ToHashSet();
            return new Requirement(key, match.Groups["word"].Value, values);
        }

        if (!match.Groups["op"].Success)
        {
            return new Requirement(key, "exists", []);
        }

        var value = match.Groups["value"].Value;
        return match.Groups["op"].Value switch
        {
            "!=" => new Requirement(key, "notin", [value]),
            ">" => new Requirement(key, "gt", [value]),
            "<" => new Requirement(key, "lt", [value]),
            _ => new Requirement(key, "in", [value]),
        };
    }

    [GeneratedRegex(@"\s*(?:(?<absent>!)\s*(?<key>[\w./-]+)|(?<key>[\w./-]+)(?:\s+(?<word>in|notin)\s*\((?<set>[^()]*)\)|\s*(?<op>==|=|!=|>|<)\s*(?<value>[\w.-]*))?)\s*", RegexOptions.CultureInvariant)]
    private static partial Regex Term();

    private sealed record Requirement(string Key, string Operator, HashSet<string> Values)
    {
        public bool Matches(JsonObject? labels)
        {
            var present = labels.Text(Key);
            return Operator switch
            {
                "in" => present is not null && Values.Contains(present),
                "notin" => present is null || !Values.Contains(present),
                "exists" => present is not null,
                "doesnotexist" => present is null,
                "gt" => Compare(present) > 0,
                "lt" => Compare(present) < 0,
                _ => false,
            };
        }

        private int Compare(string? present) =>
            long.TryParse(present, CultureInfo.InvariantCulture, out var left) && long.TryParse(Values.First(), CultureInfo.InvariantCulture, out var right)
                ? left.CompareTo(right)
                : 0;
    }
}

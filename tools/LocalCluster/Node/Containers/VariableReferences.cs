using System.Text.RegularExpressions;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary><c>$(NAME)</c> in commands, arguments and values; <c>$$(NAME)</c> stands for itself, and so does an unknown name.</summary>
internal static partial class VariableReferences
{
    /// <summary>The text with its references replaced; where several have a name, the first counts.</summary>
    public static string Expand(string text, params IReadOnlyDictionary<string, string>[] variables) =>
        Reference().Replace(text, match => match.Value == "$$" ? "$" : Find(match.Groups["name"].Value, variables) ?? match.Value);

    /// <summary>The first name that a text refers to and nobody knows; null when there is none.</summary>
    public static string? Missing(string text, params IReadOnlyDictionary<string, string>[] variables) =>
        Reference().Matches(text).Where(match => match.Value != "$$").Select(match => match.Groups["name"].Value).FirstOrDefault(name => Find(name, variables) is null);

    private static string? Find(string name, IReadOnlyDictionary<string, string>[] variables) =>
        variables.Select(map => map.GetValueOrDefault(name)).FirstOrDefault(value => value is not null);

    [GeneratedRegex(@"\$\$|\$\((?<name>[^)]+)\)")]
    private static partial Regex Reference();
}

using System.Text.RegularExpressions;

namespace Workspaces.LocalCluster.Node.Containers;

/// <summary><c>$(NAME)</c> in commands, arguments and values; <c>$$(NAME)</c> stands for itself, and so does an unknown name.</summary>
internal static partial class VariableReferences
{
    public static string Expand(string text, IReadOnlyDictionary<string, string> variables) =>
        Reference().Replace(text, match => match.Value == "$$" ? "$" : variables.TryGetValue(match.Groups["name"].Value, out var value) ? value : match.Value);

    [GeneratedRegex(@"\$\$|\$\((?<name>[^)]+)\)")]
    private static partial Regex Reference();
}

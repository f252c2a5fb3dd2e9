using System.Text;
using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>
/// Replaces <c>${name}</c> in values and in the keys of maps, once: what comes in by a value is never read as an expression again.
/// <c>$${</c> stands for a literal <c>${</c>.
/// </summary>
public static class Interpolation
{
    /// <summary>Whether there is anything to replace.</summary>
    public static bool HasExpression(string text) => text.Contains("${", StringComparison.Ordinal);

    /// <summary>Replaces every expression below <paramref name="node"/>; what cannot be replaced goes to <paramref name="problems"/>.</summary>
    public static SourceNode Apply(SourceNode node, IVariables variables, ICollection<BlueprintProblem> problems) => node switch
    {
        SourceScalar scalar when HasExpression(scalar.Text) => Scalar(scalar, variables, problems),
        SourceScalar scalar => scalar,
        SourceList list => list with { Items = [.. list.Items.Select(item => Apply(item, variables, problems))] },
        SourceMap map => map with { Entries = [.. map.Entries.Select(entry => Entry(entry, variables, problems))] },
        _ => throw new InvalidOperationException($"Unknown node {node.GetType().Name}."),
    };

    private static SourceScalar Scalar(SourceScalar scalar, IVariables variables, ICollection<BlueprintProblem> problems)
    {
        var (text, deferred) = Replace(scalar.Text, scalar.Location, variables, problems);
        // Quoted: text that came in by a value is never YAML's null.
        return scalar with { Text = text, Quoted = true, Deferred = deferred };
    }

    private static SourceEntry Entry(SourceEntry entry, IVariables variables, ICollection<BlueprintProblem> problems) => entry with
    {
        Key = HasExpression(entry.Key) ? Replace(entry.Key, entry.KeyLocation, variables, problems).Text : entry.Key,
        Value = Apply(entry.Value, variables, problems),
    };

    private static (string Text, bool Deferred) Replace(
        string text, SourceLocation location, IVariables variables, ICollection<BlueprintProblem> problems)
    {
        var result = new StringBuilder();
        var deferred = false;
        var position = 0;
        while (true)
        {
            var start = text.IndexOf("${", position, StringComparison.Ordinal);
            if (start < 0)
            {
                return (result.Append(text, position, text.Length - position).ToString(), deferred);
            }

            if (start > position && text[start - 1] == '$')
            {
                result.Append(text, position, start - 1 - position).Append("${");
                position = start + 2;
                continue;
            }

            result.Append(text, position, start - position);
            var end = text.IndexOf('}', start);
            if (end < 0)
            {
                problems.Add(new BlueprintProblem(location, "'${' is not closed by '}'; write '$${' for a literal '${'."));
                return (text, true);
            }

            var name = text[(start + 2)..end].Trim();
            var value = variables.Read(name, out var problem);
            if (problem is not null)
            {
                problems.Add(new BlueprintProblem(location, problem));
            }

            deferred |= value is null;
            result.Append(value ?? text[start..(end + 1)]);
            position = end + 1;
        }
    }
}

using System.Text.Json;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints.Resolving;

/// <summary>What a request may set of a blueprint.</summary>
public static class BlueprintParameters
{
    /// <summary>Values end up in manifests and scripts; nobody types more than this.</summary>
    private const int MaxLength = 1024;

    /// <summary>Reads the declarations of a merged blueprint that has passed the schema.</summary>
    public static IReadOnlyDictionary<string, BlueprintParameter> Declared(SourceMap merged) =>
        merged["parameters"] is SourceMap map
            ? SchemaJson.Convert(Merging.WithoutNulls(map), BlueprintSchema.Parameters)
                .Deserialize<Dictionary<string, BlueprintParameter>>(ContractsJson.Options)!
            : new Dictionary<string, BlueprintParameter>();

    /// <summary>Checks the declarations of one blueprint.</summary>
    public static IEnumerable<BlueprintProblem> Check(SourceMap merged)
    {
        foreach (var (name, parameter) in Declared(merged))
        {
            if (parameter is { Default: { } value, Allowed: { } allowed } && !allowed.Contains(value))
            {
                var location = (merged["parameters"] as SourceMap)![name]!.Location;
                yield return new BlueprintProblem(
                    location, $"parameters.{name}: the default '{value}' is not among the allowed values {string.Join(", ", allowed)}.");
            }
        }
    }

    /// <summary>The values of one request: what it sets, and defaults for the rest; what is wrong with them goes to <paramref name="errors"/>.</summary>
    public static IReadOnlyDictionary<string, string> Values(
        IReadOnlyDictionary<string, BlueprintParameter> declared,
        IReadOnlyDictionary<string, string> requested,
        ICollection<(string Pointer, string Message)> errors)
    {
        foreach (var (name, value) in requested)
        {
            var pointer = "/parameters/" + Escape(name);
            if (!declared.TryGetValue(name, out var parameter))
            {
                var known = declared.Count == 0 ? " It has no parameters." : $" It has: {string.Join(", ", declared.Keys.Order())}.";
                errors.Add((pointer, $"The blueprint has no parameter '{name}'.{NearestName.Hint(name, declared.Keys)}{known}"));
            }
            else if (parameter.Allowed is { } allowed && !allowed.Contains(value))
            {
                errors.Add((pointer, $"'{value}' is not allowed; allowed are {string.Join(", ", allowed)}."));
            }
            else if (value.Length > MaxLength || value.Any(char.IsControl))
            {
                errors.Add((pointer, $"A value has at most {MaxLength} characters and no control characters."));
            }
        }

        var values = new Dictionary<string, string>();
        foreach (var (name, parameter) in declared)
        {
            if ((requested.GetValueOrDefault(name) ?? parameter.Default) is { } value)
            {
                values[name] = value;
            }
            else
            {
                errors.Add(("/parameters", $"The parameter '{name}' has no default; the request must set it."));
            }
        }

        return values;
    }

    /// <summary>RFC 6901 section 3.</summary>
    private static string Escape(string name) => name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}

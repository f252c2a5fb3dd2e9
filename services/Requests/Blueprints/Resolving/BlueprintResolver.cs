using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.Contracts;
using Workspaces.Contracts.Blueprints;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints.Resolving;

/// <summary>
/// Makes the form that travels in events out of a merged blueprint: (1) interpolate, (2) validate against the schema,
/// (3) convert, (4) check the parts against each other.
/// </summary>
public static class BlueprintResolver
{
    /// <summary>Keys that the resolved form does not have.</summary>
    private static readonly string[] LoadTimeKeys = ["extends", "abstract", "parameters"];

    /// <summary>
    /// Resolves <paramref name="merged"/> with <paramref name="values"/>. Returns no blueprint when there are problems, or when a
    /// value is not known yet (checking at load time, where a parameter has no default).
    /// </summary>
    public static (Blueprint? Blueprint, SourceMap Tree) Resolve(
        SourceMap merged, ResolveContext context, IReadOnlyDictionary<string, string> values, List<BlueprintProblem> problems)
    {
        var declared = BlueprintParameters.Declared(merged);
        var problemsBefore = problems.Count;

        // (1) Interpolate. What the parent said and the child removed is gone by now.
        var template = Merging.WithoutNulls(merged with { Entries = [.. merged.Entries.Where(entry => !LoadTimeKeys.Contains(entry.Key))] });
        var tree = (SourceMap)Interpolation.Apply(template, new ResolveVariables(context, [.. declared.Keys], values), problems);

        // (2) Validate.
        SchemaValidator.Validate(tree, BlueprintSchema.Root, "", complete: true, problems);
        if (problems.Count > problemsBefore || HasDeferred(tree))
        {
            return (null, tree);
        }

        // (3) Convert.
        var json = (JsonObject)SchemaJson.Convert(tree, BlueprintSchema.Root)!;
        var blueprint = json.Deserialize<Blueprint>(ContractsJson.Options)!;

        // (4) Check the parts against each other.
        foreach (var (key, message) in BlueprintChecks.Check(blueprint))
        {
            problems.Add(new BlueprintProblem(Locate(tree, key), $"{key}: {message}."));
        }

        return (problems.Count > problemsBefore ? null : blueprint, tree);
    }

    private static bool HasDeferred(SourceNode node) => node switch
    {
        SourceScalar scalar => scalar.Deferred,
        SourceList list => list.Items.Any(HasDeferred),
        SourceMap map => map.Entries.Any(entry => HasDeferred(entry.Value)),
        _ => false,
    };

    /// <summary>The place of a key with dots between levels, or of the nearest level above it that is there.</summary>
    private static SourceLocation Locate(SourceMap tree, string key)
    {
        SourceNode at = tree;
        var location = tree.Location;
        var rest = key;
        while (at is SourceMap map && rest.Length > 0)
        {
            // Keys may contain dots themselves (example.com/gpu), so take the longest one that fits.
            var entry = map.Entries.Where(candidate => rest == candidate.Key || rest.StartsWith(candidate.Key + ".", StringComparison.Ordinal))
                .MaxBy(candidate => candidate.Key.Length);
            if (entry is null)
            {
                break;
            }

            at = entry.Value;
            location = entry.KeyLocation;
            rest = rest.Length == entry.Key.Length ? "" : rest[(entry.Key.Length + 1)..];
        }

        return location;
    }
}

using Workspaces.Requests.Blueprints.Resolving;
using Workspaces.Requests.Blueprints.Schema;

namespace Workspaces.Requests.Blueprints;

/// <summary>A set of blueprints that has been checked as a whole. Immutable; a changed folder makes a new one.</summary>
public sealed class BlueprintSet(IReadOnlyDictionary<string, BlueprintTemplate> templates)
{
    /// <summary>No blueprint at all.</summary>
    public static BlueprintSet Empty { get; } = new(new Dictionary<string, BlueprintTemplate>());

    /// <summary>All blueprints, by name.</summary>
    public IReadOnlyDictionary<string, BlueprintTemplate> Templates { get; } = templates;

    /// <summary>Makes what a request asks for, or says why not.</summary>
    public Resolution Resolve(string name, ResolveContext context)
    {
        if (!Templates.TryGetValue(name, out var template))
        {
            var usable = Templates.Values.Where(candidate => !candidate.Abstract).Select(candidate => candidate.Name).Order().ToList();
            var offer = usable.Count == 0 ? "" : $" There are: {string.Join(", ", usable)}.";
            return Refuse(ResolveRefusalKind.UnknownBlueprint, [("/blueprint", $"There is no blueprint '{name}'.{NearestName.Hint(name, usable)}{offer}")]);
        }

        if (template.Abstract)
        {
            var children = Templates.Values.Where(candidate => !candidate.Abstract && candidate.Extends == name).Select(candidate => candidate.Name).Order();
            var offer = string.Join(", ", children);
            return Refuse(ResolveRefusalKind.AbstractBlueprint, [("/blueprint", $"'{name}' is abstract: it exists only to be extended."
                + (offer.Length == 0 ? "" : $" These extend it: {offer}."))]);
        }

        var errors = new List<(string, string)>();
        var values = BlueprintParameters.Values(template.Parameters, context.Parameters, errors);
        if (errors.Count > 0)
        {
            return Refuse(ResolveRefusalKind.InvalidParameter, errors);
        }

        var problems = new List<BlueprintProblem>();
        var (blueprint, tree) = BlueprintResolver.Resolve(template.Merged, context, values, problems);
        return problems.Count > 0
            ? Refuse(ResolveRefusalKind.InvalidBlueprint, [.. problems.Select(problem => ("/blueprint", problem.ToString()))])
            : new Resolution { Blueprint = blueprint, Tree = tree };
    }

    private static Resolution Refuse(ResolveRefusalKind kind, IReadOnlyList<(string, string)> errors) =>
        new() { Refusal = new ResolveRefusal(kind, errors) };
}

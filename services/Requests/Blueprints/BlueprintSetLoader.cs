using Workspaces.Contracts;
using Workspaces.Requests.Blueprints.Resolving;
using Workspaces.Requests.Blueprints.Schema;
using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints;

/// <summary>
/// Makes a checked set out of the text of its files, or a list of everything that is wrong. Pure: reads no disk.
/// Steps: (1) parse and check each file, (2) names, (3) inheritance, (4) merge, (5) try each blueprint out.
/// </summary>
public static class BlueprintSetLoader
{
    /// <summary>Deeper inheritance than this is a mistake.</summary>
    private const int MaxDepth = 16;

    /// <summary>Loads files given as name and text. The set is null exactly when there are problems.</summary>
    public static (BlueprintSet? Set, IReadOnlyList<BlueprintProblem> Problems) Load(IEnumerable<(string File, string Text)> files)
    {
        var problems = new List<BlueprintProblem>();

        // (1) Parse and check each file by itself; keys may be missing or null here, because a parent may have them.
        var roots = new List<SourceMap>();
        foreach (var (file, text) in files)
        {
            if (BlueprintParser.Parse(file, text, problems) is { } root)
            {
                SchemaValidator.Validate(root, BlueprintSchema.Root, "", complete: false, problems);
                roots.Add(root);
            }
        }

        // (2) Names.
        var byName = new Dictionary<string, SourceMap>();
        foreach (var root in roots)
        {
            if (root.Text("name") is not { } name)
            {
                problems.Add(new BlueprintProblem(root.Location, "The blueprint needs 'name'."));
            }
            else if (!byName.TryAdd(name, root))
            {
                problems.Add(new BlueprintProblem(root["name"]!.Location, $"The name '{name}' is already taken by {byName[name].Location.File}."));
            }
        }

        // (3) Inheritance.
        foreach (var root in byName.Values)
        {
            CheckAncestors(root, byName, problems);
        }

        if (problems.Count > 0)
        {
            return (null, Sorted(problems));
        }

        // (4) Merge, (5) try out.
        var templates = byName.Keys.ToDictionary(name => name, name => Template(byName[name], Merge(byName[name], byName)));
        foreach (var template in templates.Values)
        {
            TryOut(template, problems);
        }

        return problems.Count > 0 ? (null, Sorted(problems)) : (new BlueprintSet(templates), []);
    }

    private static void CheckAncestors(SourceMap root, Dictionary<string, SourceMap> byName, List<BlueprintProblem> problems)
    {
        var chain = new List<string> { root.Text("name")! };
        for (var at = root; at.Text("extends") is { } parent; at = byName[parent])
        {
            var location = root["extends"]!.Location;
            if (!byName.ContainsKey(parent))
            {
                // The file that names it reports it; its descendants need not repeat it.
                if (ReferenceEquals(at, root))
                {
                    problems.Add(new BlueprintProblem(location, $"extends: there is no blueprint '{parent}'.{NearestName.Hint(parent, byName.Keys)}"));
                }

                return;
            }

            if (chain.Contains(parent))
            {
                problems.Add(new BlueprintProblem(location, $"extends: the blueprints extend each other in a circle: {string.Join(" -> ", chain)} -> {parent}."));
                return;
            }

            chain.Add(parent);
            if (chain.Count > MaxDepth)
            {
                problems.Add(new BlueprintProblem(location, $"extends: more than {MaxDepth} levels of inheritance."));
                return;
            }
        }
    }

    private static SourceMap Merge(SourceMap root, Dictionary<string, SourceMap> byName) =>
        root.Text("extends") is { } parent ? Merging.Merge(Merge(byName[parent], byName), root) : root;

    private static BlueprintTemplate Template(SourceMap own, SourceMap merged) => new()
    {
        Name = own.Text("name")!,
        Description = own.Text("description"),
        Extends = own.Text("extends"),
        Abstract = own.Text("abstract") == "true",
        Parameters = BlueprintParameters.Declared(merged),
        Merged = merged,
    };

    /// <summary>
    /// Resolves a blueprint once with its defaults and once with each other allowed value, so that what is wrong shows now and not
    /// when somebody asks for it. An abstract one is only interpolated: what it lacks its children may have.
    /// </summary>
    private static void TryOut(BlueprintTemplate template, List<BlueprintProblem> problems)
    {
        problems.AddRange(BlueprintParameters.Check(template.Merged));

        var defaults = template.Parameters
            .Where(parameter => (parameter.Value.Default ?? parameter.Value.Allowed?[0]) is not null)
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value.Default ?? parameter.Value.Allowed![0]);
        if (template.Abstract)
        {
            Interpolation.Apply(template.Merged, new ResolveVariables(Sample(template), [.. template.Parameters.Keys], defaults), problems);
            return;
        }

        var tried = from parameter in template.Parameters
                    from value in parameter.Value.Allowed ?? []
                    select new Dictionary<string, string>(defaults) { [parameter.Key] = value };
        foreach (var values in tried.Prepend(defaults))
        {
            var found = new List<BlueprintProblem>();
            BlueprintResolver.Resolve(template.Merged, Sample(template), values, found);
            problems.AddRange(found.Where(problem => !problems.Contains(problem)));
            if (found.Count > 0)
            {
                return;
            }
        }
    }

    private static ResolveContext Sample(BlueprintTemplate template) => new()
    {
        Owner = new WorkspaceOwner { Name = "sample", Uid = 1000, Gid = 1000, Email = "sample@example.com", Groups = ["sample"] },
        WorkspaceId = "sample2345",
        WorkspaceName = $"sample-{template.Name}",
        Target = new WorkspaceTarget { Kind = "Deployment", Namespace = "sample", Name = "sample" },
    };

    private static List<BlueprintProblem> Sorted(List<BlueprintProblem> problems) =>
        [.. problems.Distinct().OrderBy(problem => problem.Location.File, StringComparer.Ordinal).ThenBy(problem => problem.Location.Line)];
}

using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;
using Xunit;

namespace Workspaces.LocalCluster.Tests.Api;

/// <summary>
/// What LocalCluster holds about the fields of every kind that it serves (which lists are merged and by which keys, what is replaced as a whole, what
/// is written when empty), against what Kubernetes 1.36 says: <c>Facts/kinds.tsv</c> has a line for each field, from its OpenAPI and its Go types.
/// </summary>
public sealed class KindFactsTests
{
    /// <summary>Fields that Kubernetes 1.36 has and the client library's classes do not.</summary>
    private static readonly string[] NotInLibrary = ["core.v1.NodeAllocatableResourceClaimStatus.resources"];

    private static readonly ILookup<string, string[]> Facts = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Api", "Facts", "kinds.tsv"))
        .Select(l => l.Split('\t')).ToLookup(f => f[0]);

    public static TheoryData<string> Kinds() => new(ResourceTypes.All.Where(t => t.Verbs.Contains("get")).Select(t => $"{t.ApiVersion} {t.Kind}"));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Schema_OfEveryServedKind_IsAsKubernetesSays(string kind)
    {
        var type = ResourceTypes.All.Single(t => $"{t.ApiVersion} {t.Kind}" == kind);
        var group = type.Group.Length == 0 ? "core" : type.Group.Split('.')[0];
        var differences = new List<string>();
        Compare($"{group}.{type.Version}.{type.Kind}", SchemaCatalog.Of(type), differences, []);
        Assert.Equal("", string.Join("\n", differences));
    }

    private static void Compare(string definition, FieldSchema schema, List<string> differences, HashSet<string> seen)
    {
        if (!seen.Add(definition))
        {
            return;
        }

        foreach (var fact in Facts[definition])
        {
            var (name, kind, target, merge, patch, empty) = (fact[1], fact[2], fact[3], fact[4], fact[5], fact[6]);
            var path = $"{definition}.{name}";
            if (schema.Fields.GetValueOrDefault(name) is not { } field)
            {
                if (!NotInLibrary.Contains(path))
                {
                    differences.Add($"{path} is unknown");
                }

                continue;
            }

            Expect($"{path} merge", merge, Merge(field, kind), differences);
            Expect($"{path} patch", patch, Patch(schema, name, field, patch), differences);
            Expect($"{path} empty", empty, Empty(schema, name, field), differences);
            if (target != "-")
            {
                Compare(target, field.Kind is FieldKind.List or FieldKind.Map ? field.Element! : field, differences, seen);
            }
        }
    }

    private static void Expect(string what, string wanted, string found, List<string> differences)
    {
        if (wanted != found)
        {
            differences.Add($"{what}: Kubernetes says {wanted}, the schema {found}");
        }
    }

    private static string Merge(FieldSchema field, string kind) => (kind, field.Kind) switch
    {
        ("list", FieldKind.List) when field.IsSet => "set",
        ("list", FieldKind.List) when field.Keys.Count > 0 => "map:" + string.Join("+", field.Keys),
        ("list", FieldKind.List) => field.Atomic ? "atomic" : "neither",
        ("map", FieldKind.Map) or ("struct", FieldKind.Struct) => field.Atomic ? "atomic" : "granular",
        ("list" or "map" or "struct", _) => field.Kind.ToString(),
        _ => "-",
    };

    private static string Patch(FieldSchema owner, string name, FieldSchema field, string wanted)
    {
        if (owner.PatchReplaces.Contains(name))
        {
            return "replace";
        }

        var merged = field.PatchMergeKey is { } key ? $"merge:{key}" : field.PatchMerges ? "merge" : "-";

        // What is to be retained is said in each patch; the schema only notes where patches do so.
        return owner.RetainKeys.Contains(name) ? merged == "-" ? "retainKeys" : merged.Replace("merge", "merge,retainKeys", StringComparison.Ordinal)
            : wanted.StartsWith("merge,retainKeys", StringComparison.Ordinal) ? merged.Replace("merge", "merge,retainKeys", StringComparison.Ordinal) : merged;
    }

    private static string Empty(FieldSchema owner, string name, FieldSchema field) =>
        owner.NullWhenEmpty.Contains(name) ? "null"
        : owner.AlwaysPresent.Contains(name) ? "present"
        : field.Kind is FieldKind.Flag or FieldKind.Whole or FieldKind.Real && !owner.OmittedWhenZero.Contains(name) ? "written"
        : "omitted";
}

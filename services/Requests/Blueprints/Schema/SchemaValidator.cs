using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>Compares a tree with the schema and names everything that does not fit.</summary>
public static class SchemaValidator
{
    /// <summary>
    /// Checks <paramref name="node"/>. Nulls are fine before merging, where they remove inherited keys, and required keys may
    /// still be inherited then; values with expressions are not known yet. <paramref name="complete"/>: all that is done.
    /// </summary>
    public static void Validate(SourceNode node, SchemaNode schema, string name, bool complete, ICollection<BlueprintProblem> problems)
    {
        if (node is SourceScalar { IsNull: true, Deferred: false } && (!complete || schema is not ScalarSchema { Form: ScalarForm.Text }))
        {
            return;
        }

        switch (schema, node)
        {
            case (ScalarSchema scalarSchema, SourceScalar scalar):
                if (!scalar.Deferred && (complete || !Interpolation.HasExpression(scalar.Text)) && scalarSchema.Rule?.Invoke(scalar.Text) is { } wrong)
                {
                    problems.Add(new BlueprintProblem(node.Location, $"{name}: '{Shorten(scalar.Text)}' {wrong}."));
                }

                break;

            case (ListSchema listSchema, SourceList list):
                if (list.Items.Count == 0 && !listSchema.AllowEmpty)
                {
                    problems.Add(new BlueprintProblem(node.Location, $"{name} must not be empty."));
                }

                for (var i = 0; i < list.Items.Count; i++)
                {
                    Validate(list.Items[i], listSchema.Item, $"{name}[{i}]", complete, problems);
                }

                break;

            case (MapSchema mapSchema, SourceMap map):
                foreach (var entry in map.Entries)
                {
                    if ((complete || !Interpolation.HasExpression(entry.Key)) && mapSchema.KeyRule(entry.Key) is { } wrongKey)
                    {
                        problems.Add(new BlueprintProblem(entry.KeyLocation, $"{name}: the key '{Shorten(entry.Key)}' {wrongKey}."));
                    }

                    Validate(entry.Value, mapSchema.Value, $"{name}.{entry.Key}", complete, problems);
                }

                break;

            case (ObjectSchema objectSchema, SourceMap map):
                ValidateObject(map, objectSchema, name, complete, problems);
                break;

            default:
                var expected = schema switch { ScalarSchema => "a single value", ListSchema => "a list", _ => "a map" };
                problems.Add(new BlueprintProblem(node.Location, $"{name} must be {expected}, not {node.Kind}."));
                break;
        }
    }

    private static void ValidateObject(SourceMap map, ObjectSchema schema, string name, bool complete, ICollection<BlueprintProblem> problems)
    {
        foreach (var entry in map.Entries)
        {
            if (schema.Fields.TryGetValue(entry.Key, out var field))
            {
                Validate(entry.Value, field, name.Length == 0 ? entry.Key : $"{name}.{entry.Key}", complete, problems);
            }
            else
            {
                var where = name.Length == 0 ? "of a blueprint" : $"of {name}";
                problems.Add(new BlueprintProblem(
                    entry.KeyLocation, $"'{Shorten(entry.Key)}' is not a key {where}.{NearestName.Hint(entry.Key, schema.Fields.Keys)}"));
            }
        }

        foreach (var required in schema.Required.Where(key => complete && map[key] is null or SourceScalar { IsNull: true, Deferred: false }))
        {
            problems.Add(new BlueprintProblem(map.Location, $"{(name.Length == 0 ? "The blueprint" : name)} needs '{required}'."));
        }
    }

    private static string Shorten(string text)
    {
        var line = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return line.Length <= 60 ? line : string.Concat(line.AsSpan(0, 57), "...");
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.Requests.Blueprints.Source;

namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>Turns a validated tree into JSON, each value in the type that the schema says.</summary>
public static class SchemaJson
{
    public static JsonNode? Convert(SourceNode node, SchemaNode schema) => (schema, node) switch
    {
        (ScalarSchema { Form: ScalarForm.Integer }, SourceScalar scalar) =>
            JsonValue.Create(long.Parse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)),
        (ScalarSchema { Form: ScalarForm.Boolean }, SourceScalar scalar) => JsonValue.Create(scalar.Text == "true"),
        (ScalarSchema, SourceScalar scalar) => JsonValue.Create(scalar.Text),
        (ListSchema list, SourceList items) => new JsonArray([.. items.Items.Select(item => Convert(item, list.Item))]),
        (MapSchema map, SourceMap entries) => Object(entries, _ => map.Value),
        (ObjectSchema fields, SourceMap entries) => Object(entries, key => fields.Fields[key]),
        _ => throw new InvalidOperationException($"{node.Location}: {node.Kind} where the schema has {schema.GetType().Name}; validate first."),
    };

    private static JsonObject Object(SourceMap map, Func<string, SchemaNode> schemaOf)
    {
        var result = new JsonObject();
        foreach (var entry in map.Entries)
        {
            if (entry.Value is not SourceScalar { IsNull: true })
            {
                result[entry.Key] = Convert(entry.Value, schemaOf(entry.Key));
            }
        }

        return result;
    }
}

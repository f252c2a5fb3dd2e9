using System.Text;
using System.Text.Json;

namespace Workspaces.LocalCluster.Schemas;

/// <summary>
/// Finds what strict field validation objects to: fields that the schema does not have, and fields that are given twice, in the order of
/// the document (https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation). Nothing is looked for inside an unknown field.
/// </summary>
internal sealed class StrictFields
{
    private const int Most = 100;

    private readonly List<string> _problems = [];
    private readonly HashSet<string> _seen = [];

    /// <summary>The problems of a JSON text. Without a schema any field is known.</summary>
    public static IReadOnlyList<string> Problems(ReadOnlySpan<byte> json, FieldSchema? schema)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 256 });
        var fields = new StrictFields();
        if (reader.Read())
        {
            fields.Value(ref reader, schema, FieldLocation.Root);
        }

        return fields._problems;
    }

    private void Value(ref Utf8JsonReader reader, FieldSchema? schema, FieldLocation at)
    {
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            Object(ref reader, schema, at);
        }
        else if (reader.TokenType == JsonTokenType.StartArray)
        {
            var element = schema?.Kind == FieldKind.List ? schema.Element : null;
            for (var i = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; i++)
            {
                Value(ref reader, element, at.Item(i));
            }
        }
    }

    private void Object(ref Utf8JsonReader reader, FieldSchema? schema, FieldLocation at)
    {
        var names = new HashSet<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = reader.GetString()!;
            reader.Read();
            FieldSchema? child = null;
            if (schema?.Kind == FieldKind.Struct && !schema.Fields.TryGetValue(name, out child))
            {
                Add("unknown", at.Field(name));
                reader.Skip();
                continue;
            }

            if (!names.Add(name))
            {
                Add("duplicate", at.Field(name));
            }

            Value(ref reader, schema?.Kind == FieldKind.Map ? schema.Element : child, at.Field(name));
        }
    }

    private void Add(string what, FieldLocation field)
    {
        var problem = new StringBuilder(what).Append(" field \"").Append(field).Append('"').ToString();
        if (_problems.Count < Most && _seen.Add(problem))
        {
            _problems.Add(problem);
        }
    }
}

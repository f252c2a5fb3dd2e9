using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.Schemas;

/// <summary>
/// Reads a value against its schema: checks types, reports unknown fields, and returns a copy in the one form in which everything is
/// stored: fields in fixed order, map keys sorted, amounts canonical, nothing null and nothing empty that the API server would not write.
/// Two objects that mean the same therefore have the same bytes.
/// </summary>
public sealed class ObjectDecoder(bool keepEmptyLists = false)
{
    private readonly List<string> _unknown = [];

    /// <summary>Paths of fields that the schema does not have; they are left out of the result.</summary>
    public IReadOnlyList<string> UnknownFields => _unknown;

    /// <summary>The object in stored form. <see cref="DecodeException"/> where a value has the wrong type.</summary>
    public JsonObject Decode(JsonObject value, FieldSchema schema) => Struct(value, schema, "", FieldLocation.Root);

    private JsonNode? Value(JsonNode value, FieldSchema schema, string owner, FieldLocation at) => schema.Kind switch
    {
        FieldKind.Struct => value is JsonObject o ? Struct(o, schema, owner, at) : throw Wrong(value, schema.Name, owner, at),
        FieldKind.Map => value is JsonObject o ? Map(o, schema, owner, at) : throw Wrong(value, "map", owner, at),
        FieldKind.List => value is JsonArray a ? List(a, schema, owner, at) : throw Wrong(value, "slice", owner, at),
        FieldKind.Any => value.DeepClone(),
        _ => Scalar(value, schema, owner, at),
    };

    private JsonObject Struct(JsonObject value, FieldSchema schema, string owner, FieldLocation at)
    {
        foreach (var (name, _) in value)
        {
            if (!schema.Fields.ContainsKey(name))
            {
                _unknown.Add(at.Field(name).ToString());
            }
        }

        var result = new JsonObject();
        foreach (var (name, field) in schema.Fields)
        {
            var given = value[name];
            var decoded = given is null ? null : Value(given, field, owner.Length == 0 ? schema.Name : owner, at.Field(name));
            if (decoded is not null && !(schema.OmittedWhenZero.Contains(name) && IsZero(decoded)))
            {
                result[name] = decoded;
            }
            else if (schema.AlwaysPresent.Contains(name))
            {
                result[name] = Struct([], field, owner, at.Field(name));
            }
            else if (schema.NullWhenEmpty.Contains(name))
            {
                // Until it is stored, an empty list is told from none: a writer owns it.
                result[name] = keepEmptyLists && given is JsonArray ? new JsonArray() : null;
            }
        }

        return result;
    }

    private JsonObject? Map(JsonObject value, FieldSchema schema, string owner, FieldLocation at)
    {
        var result = new JsonObject();
        foreach (var (name, given) in value.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            result[name] = given is null
                ? schema.Element!.Kind is FieldKind.Text or FieldKind.Bytes ? "" : null
                : Value(given, schema.Element!, owner, at.Field(name));
        }

        return result.Count == 0 ? null : result;
    }

    private JsonArray? List(JsonArray value, FieldSchema schema, string owner, FieldLocation at)
    {
        var result = new JsonArray();
        for (var i = 0; i < value.Count; i++)
        {
            var element = value[i] ?? (schema.Element!.Kind == FieldKind.Struct ? new JsonObject() : null);
            result.Add(element is null ? null : Value(element, schema.Element!, owner, at.Item(i)));
        }

        return result.Count == 0 ? null : result;
    }

    private static JsonNode Scalar(JsonNode value, FieldSchema schema, string owner, FieldLocation at)
    {
        var kind = value.GetValueKind();
        switch (schema.Kind)
        {
            case FieldKind.Text when kind == JsonValueKind.String:
            case FieldKind.Flag when kind is JsonValueKind.True or JsonValueKind.False:
            case FieldKind.Real when kind == JsonValueKind.Number:
                return value.DeepClone();
            case FieldKind.Whole when kind == JsonValueKind.Number && Api.ApiJson.Number(value) is { } number:
                return number;
            case FieldKind.IntOrString when kind == JsonValueKind.String:
                return value.DeepClone();
            case FieldKind.IntOrString when kind == JsonValueKind.Number && Api.ApiJson.Number(value) is { } number:
                return number;
            case FieldKind.Quantity when kind is JsonValueKind.String or JsonValueKind.Number:
                return Quantity.TryParse(value.ToString(), out var quantity)
                    ? quantity.ToString()
                    : throw new DecodeException("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'");
            case FieldKind.Time when kind == JsonValueKind.String:
                return Time((string)value!, "yyyy-MM-ddTHH:mm:ssZ");
            case FieldKind.MicroTime when kind == JsonValueKind.String:
                return Time((string)value!, "yyyy-MM-ddTHH:mm:ss.ffffffZ");
            case FieldKind.Bytes when kind == JsonValueKind.String:
                return Base64((string)value!);
            default:
                throw Wrong(value, GoType(schema.Kind), owner, at);
        }
    }

    private static JsonValue Time(string text, string format) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) && text.Contains('T')
            ? JsonValue.Create(time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture))
            : throw new DecodeException($"parsing time \"{text}\" as \"2006-01-02T15:04:05Z07:00\": cannot parse \"{text}\" as \"2006\"");

    private static JsonValue Base64(string text)
    {
        var clean = text.Replace("\n", "", StringComparison.Ordinal).Replace("\r", "", StringComparison.Ordinal);
        if (Convert.TryFromBase64String(clean, new byte[(clean.Length * 3 / 4) + 3], out _))
        {
            return JsonValue.Create(clean);
        }

        var wrong = clean.Select((c, i) => (c, i)).Where(p => !char.IsAsciiLetterOrDigit(p.c) && p.c is not ('+' or '/' or '=')).Select(p => (int?)p.i);
        throw new DecodeException($"illegal base64 data at input byte {wrong.FirstOrDefault() ?? clean.Length / 4 * 4}");
    }

    private static bool IsZero(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => ((string)value!).Length == 0,
        JsonValueKind.Number => Api.ApiJson.Number(value) == 0,
        JsonValueKind.False => true,
        _ => false,
    };

    private static DecodeException Wrong(JsonNode value, string expected, string owner, FieldLocation at)
    {
        var got = value.GetValueKind() switch
        {
            JsonValueKind.String => "string",
            JsonValueKind.Number => "number",
            JsonValueKind.True or JsonValueKind.False => "bool",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        return new DecodeException($"json: cannot unmarshal {got} into Go struct field {owner}.{at} of type {expected}");
    }

    private static string GoType(FieldKind kind) => kind switch
    {
        FieldKind.Whole => "int32",
        FieldKind.Real => "float64",
        FieldKind.Flag => "bool",
        FieldKind.IntOrString => "intstr.IntOrString",
        FieldKind.Quantity => "resource.Quantity",
        _ => "string",
    };
}

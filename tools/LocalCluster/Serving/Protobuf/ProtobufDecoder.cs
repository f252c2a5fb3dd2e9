using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>
/// Turns a message into the JSON object that means the same: names and types come from the schema, numbers from <see cref="WireTables"/>. Fields that
/// neither knows are passed over, as every protobuf reader does. <see cref="DecodeException"/> where the message is malformed.
/// </summary>
internal static class ProtobufDecoder
{
    private const int Key = 1;
    private const int Value = 2;

    public static JsonObject Decode(ReadOnlySpan<byte> data, FieldSchema schema)
    {
        var result = new JsonObject();
        Read(data, schema, WireTables.Of(schema.Model!), result);
        return result;
    }

    private static void Read(ReadOnlySpan<byte> data, FieldSchema schema, WireMessage message, JsonObject result)
    {
        var reader = new WireReader(data);
        while (reader.Next())
        {
            var field = message.Find(reader.Number);
            if (field?.Part is { } part)
            {
                Read(reader.Bytes(), schema, part, result);
            }
            else if (field is null || schema.Child(field.Name) is not { } child)
            {
                reader.Skip();
            }
            else if (child.Kind == FieldKind.List)
            {
                AddItems(ref reader, child.Element!, result[field.Name] as JsonArray ?? New(result, field.Name, new JsonArray()));
            }
            else if (child.Kind == FieldKind.Map)
            {
                AddEntry(reader.Bytes(), child.Element!, result[field.Name] as JsonObject ?? New(result, field.Name, new JsonObject()));
            }
            else if (Single(ref reader, child) is { } value && !(field.OmittedWhenZero && IsZero(value)))
            {
                result[field.Name] = value;
            }
        }
    }

    private static T New<T>(JsonObject parent, string name, T made)
        where T : JsonNode
    {
        parent[name] = made;
        return made;
    }

    private static void AddItems(ref WireReader reader, FieldSchema element, JsonArray list)
    {
        if (element.Kind is FieldKind.Whole or FieldKind.Flag && reader.Type == WireType.Bytes)
        {
            // Numbers may also come packed: one after the other without tags.
            var packed = new WireReader(reader.Bytes());
            while (!packed.IsAtEnd)
            {
                var number = (long)packed.Varint();
                list.Add(element.Kind == FieldKind.Flag ? JsonValue.Create(number != 0) : JsonValue.Create(number));
            }

            return;
        }

        list.Add(Single(ref reader, element));
    }

    private static void AddEntry(ReadOnlySpan<byte> data, FieldSchema element, JsonObject map)
    {
        var reader = new WireReader(data);
        var key = "";
        JsonNode? value = null;
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case Key:
                    key = reader.Text();
                    break;
                case Value when element.Kind == FieldKind.List:
                    value = WrappedList(reader.Bytes(), element.Element!);
                    break;
                case Value:
                    value = Single(ref reader, element);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        map[key] = value ?? (element.Kind is FieldKind.Text or FieldKind.Bytes ? "" : null);
    }

    /// <summary>A list as the value of a map is a message with the items in field 1 (ExtraValue of the reviews).</summary>
    private static JsonArray WrappedList(ReadOnlySpan<byte> data, FieldSchema element)
    {
        var list = new JsonArray();
        var reader = new WireReader(data);
        while (reader.Next())
        {
            if (reader.Number == 1)
            {
                AddItems(ref reader, element, list);
            }
            else
            {
                reader.Skip();
            }
        }

        return list;
    }

    private static JsonNode? Single(ref WireReader reader, FieldSchema schema) => schema.Kind switch
    {
        FieldKind.Struct => Decode(reader.Bytes(), schema),
        FieldKind.Text => reader.Text(),
        FieldKind.Whole => reader.Whole(),
        FieldKind.Flag => reader.Whole() != 0,
        FieldKind.Real => reader.Real(),
        FieldKind.Bytes => Convert.ToBase64String(reader.Bytes()),
        FieldKind.Quantity => Quantity(reader.Bytes()),
        FieldKind.IntOrString => IntOrString(reader.Bytes()),
        FieldKind.Time => Time(reader.Bytes(), "yyyy-MM-ddTHH:mm:ssZ"),
        FieldKind.MicroTime => Time(reader.Bytes(), "yyyy-MM-ddTHH:mm:ss.ffffffZ"),
        FieldKind.Any => Raw(reader.Bytes()),
        _ => throw new InvalidOperationException($"{schema.Kind} has no form on the wire."),
    };

    private static JsonValue? Quantity(ReadOnlySpan<byte> data)
    {
        var reader = new WireReader(data);
        string? text = null;
        while (reader.Next())
        {
            if (reader.Number == 1)
            {
                text = reader.Text();
            }
            else
            {
                reader.Skip();
            }
        }

        // An amount that was never set is the amount 0.
        return JsonValue.Create(string.IsNullOrEmpty(text) ? "0" : text);
    }

    private static JsonValue? IntOrString(ReadOnlySpan<byte> data)
    {
        var reader = new WireReader(data);
        var (isText, number, text) = (false, 0L, "");
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    isText = reader.Whole() == 1;
                    break;
                case 2:
                    number = reader.Whole();
                    break;
                case 3:
                    text = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return isText ? JsonValue.Create(text) : JsonValue.Create(number);
    }

    /// <summary>Seconds and nanoseconds since 1970; an empty message is a time that was never set.</summary>
    private static JsonValue? Time(ReadOnlySpan<byte> data, string format)
    {
        if (data.IsEmpty)
        {
            return null;
        }

        var reader = new WireReader(data);
        var (seconds, nanos) = (0L, 0L);
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    seconds = reader.Whole();
                    break;
                case 2:
                    nanos = reader.Whole();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (seconds < DateTimeOffset.MinValue.ToUnixTimeSeconds() || seconds > DateTimeOffset.MaxValue.ToUnixTimeSeconds() || nanos is < 0 or > 999_999_999)
        {
            throw new DecodeException($"the time {seconds} s {nanos} ns is out of range");
        }

        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(nanos / 100);
        return JsonValue.Create(time.UtcDateTime.ToString(format, CultureInfo.InvariantCulture));
    }

    /// <summary>Free content (RawExtension, FieldsV1) is JSON inside a message.</summary>
    private static JsonNode? Raw(ReadOnlySpan<byte> data)
    {
        var reader = new WireReader(data);
        JsonNode? value = null;
        while (reader.Next())
        {
            if (reader.Number != 1)
            {
                reader.Skip();
                continue;
            }

            var json = reader.Bytes();
            try
            {
                value = json.IsEmpty ? null : JsonNode.Parse(json);
            }
            catch (JsonException e)
            {
                throw new DecodeException($"raw content is not JSON: {e.Message}");
            }
        }

        return value;
    }

    private static bool IsZero(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.String => ((string)value!).Length == 0,
        JsonValueKind.Number => Api.ApiJson.Number(value) == 0,
        JsonValueKind.False => true,
        _ => false,
    };
}

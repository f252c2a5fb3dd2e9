using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>Turns a JSON object in stored form into the message that means the same: the reverse of <see cref="ProtobufDecoder"/>.</summary>
internal static class ProtobufEncoder
{
    public static byte[] Encode(JsonObject value, FieldSchema schema) => Struct(value, schema, WireTables.Of(schema.Model!)).ToArray();

    private static WireWriter Struct(JsonObject value, FieldSchema schema, WireMessage message)
    {
        var writer = new WireWriter();
        foreach (var field in message.Fields)
        {
            if (field.Part is { } part)
            {
                if (value.Any(p => p.Value is not null && part.Has(p.Key)))
                {
                    writer.Message(field.Number, Struct(value, schema, part));
                }
            }
            else if (value[field.Name] is { } given && schema.Child(field.Name) is { } child)
            {
                Field(writer, field.Number, given, child);
            }
        }

        return writer;
    }

    private static void Field(WireWriter writer, int number, JsonNode value, FieldSchema schema)
    {
        switch (schema.Kind)
        {
            case FieldKind.List:
                foreach (var item in value.AsArray())
                {
                    Single(writer, number, item!, schema.Element!);
                }

                break;
            case FieldKind.Map:
                foreach (var (key, entry) in value.AsObject())
                {
                    writer.Message(number, Entry(key, entry, schema.Element!));
                }

                break;
            default:
                Single(writer, number, value, schema);
                break;
        }
    }

    private static WireWriter Entry(string key, JsonNode? value, FieldSchema element)
    {
        var writer = new WireWriter();
        writer.Text(1, key);
        if (value is null)
        {
            return writer;
        }

        if (element.Kind != FieldKind.List)
        {
            Single(writer, 2, value, element);
            return writer;
        }

        var wrapped = new WireWriter();
        Field(wrapped, 1, value, element);
        writer.Message(2, wrapped);
        return writer;
    }

    private static void Single(WireWriter writer, int number, JsonNode value, FieldSchema schema)
    {
        switch (schema.Kind)
        {
            case FieldKind.Struct:
                writer.Message(number, Struct(value.AsObject(), schema, WireTables.Of(schema.Model!)));
                break;
            case FieldKind.Text:
                writer.Text(number, (string)value!);
                break;
            case FieldKind.Whole:
                writer.Whole(number, ApiJson.Number(value) ?? 0);
                break;
            case FieldKind.Flag:
                writer.Whole(number, (bool)value ? 1 : 0);
                break;
            case FieldKind.Real:
                writer.Real(number, (double)value);
                break;
            case FieldKind.Bytes:
                writer.Bytes(number, Convert.FromBase64String((string)value!));
                break;
            case FieldKind.Quantity:
                writer.Message(number, TextMessage(value.ToString()));
                break;
            case FieldKind.IntOrString:
                writer.Message(number, IntOrString(value));
                break;
            case FieldKind.Time or FieldKind.MicroTime:
                writer.Message(number, Time((string)value!));
                break;
            case FieldKind.Any:
                writer.Message(number, TextMessage(value.ToJsonString(ApiJson.Options)));
                break;
            default:
                throw new InvalidOperationException($"{schema.Kind} has no form on the wire.");
        }
    }

    private static WireWriter TextMessage(string text)
    {
        var writer = new WireWriter();
        writer.Bytes(1, Encoding.UTF8.GetBytes(text));
        return writer;
    }

    private static WireWriter IntOrString(JsonNode value)
    {
        var writer = new WireWriter();
        if (value.GetValueKind() == System.Text.Json.JsonValueKind.String)
        {
            writer.Whole(1, 1);
            writer.Text(3, (string)value!);
        }
        else
        {
            writer.Whole(1, 0);
            writer.Whole(2, ApiJson.Number(value) ?? 0);
        }

        return writer;
    }

    private static WireWriter Time(string text)
    {
        var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var writer = new WireWriter();
        writer.Whole(1, time.ToUnixTimeSeconds());
        writer.Whole(2, time.Ticks % TimeSpan.TicksPerSecond * 100);
        return writer;
    }
}

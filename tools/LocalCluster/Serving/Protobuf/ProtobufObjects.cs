using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>
/// Whole objects in protobuf (https://kubernetes.io/docs/reference/using-api/api-concepts/#protobuf-encoding): four bytes that mark them, then an envelope
/// with apiVersion and kind (field 1) and the message itself (field 2).
/// </summary>
internal static class ProtobufObjects
{
    public const string MediaType = "application/vnd.kubernetes.protobuf";

    private const string ListSuffix = "List";
    private const string PartialList = RequestedForm.Metadata + ListSuffix;

    private static ReadOnlySpan<byte> Mark => "k8s\0"u8;

    /// <summary>The object of a request's body; 400 where it is none.</summary>
    public static JsonObject Decode(ReadOnlySpan<byte> body)
    {
        if (!body.StartsWith(Mark))
        {
            throw ApiErrors.BadRequest("provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]");
        }

        var (apiVersion, kind) = ("", "");
        try
        {
            var envelope = new WireReader(body[Mark.Length..]);
            ReadOnlySpan<byte> message = default;
            while (envelope.Next())
            {
                switch (envelope.Number)
                {
                    case 1:
                        (apiVersion, kind) = Named(envelope.Bytes());
                        break;
                    case 2:
                        message = envelope.Bytes();
                        break;
                    default:
                        envelope.Skip();
                        break;
                }
            }

            var schema = ProtobufKinds.Find(apiVersion, kind)
                ?? throw ApiErrors.BadRequest(kind.Length == 0
                    ? "Object 'Kind' is missing in the body"
                    : $"no kind \"{kind}\" is registered for version \"{apiVersion}\"");
            var result = ProtobufDecoder.Decode(message, schema);
            result.Insert(0, "apiVersion", apiVersion);
            result.Insert(0, "kind", kind);
            return result;
        }
        catch (DecodeException e)
        {
            throw ApiErrors.BadRequest($"{kind} in version \"{apiVersion.Split('/')[^1]}\" cannot be handled as a {kind}: {e.Message}");
        }
    }

    /// <summary>An answer as a client that asks for protobuf gets it; null where this kind of answer has no such form.</summary>
    public static byte[]? Encode(JsonObject value)
    {
        var (apiVersion, kind) = (value.Text("apiVersion") ?? "", value.Text("kind") ?? "");
        if (Message(value, apiVersion, kind) is not { } message)
        {
            return null;
        }

        var type = new WireWriter();
        type.Text(1, apiVersion);
        type.Text(2, kind);
        var envelope = new WireWriter();
        envelope.Message(1, type);
        envelope.Bytes(2, message);
        return [.. Mark, .. envelope.Written];
    }

    /// <summary>
    /// One event of a watch: its length in four bytes, high byte first, then its type (field 1) and, as raw content (field 2), the enveloped object.
    /// </summary>
    public static byte[] EncodeEvent(string type, JsonObject value)
    {
        var raw = new WireWriter();
        raw.Bytes(1, Encode(value) ?? throw new InvalidOperationException($"{value.Text("kind")} has no form on the wire."));
        var watch = new WireWriter();
        watch.Text(1, type);
        watch.Message(2, raw);
        var frame = new byte[4 + watch.Written.Length];
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(frame, watch.Written.Length);
        watch.Written.CopyTo(frame.AsSpan(4));
        return frame;
    }

    private static (string ApiVersion, string Kind) Named(ReadOnlySpan<byte> data)
    {
        var reader = new WireReader(data);
        var (apiVersion, kind) = ("", "");
        while (reader.Next())
        {
            switch (reader.Number)
            {
                case 1:
                    apiVersion = reader.Text();
                    break;
                case 2:
                    kind = reader.Text();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return (apiVersion, kind);
    }

    private static byte[]? Message(JsonObject value, string apiVersion, string kind)
    {
        if (kind == RequestedForm.Metadata)
        {
            return Partial(value);
        }

        if (kind == PartialList)
        {
            return List(value, Partial);
        }

        if (ProtobufKinds.Find(apiVersion, kind) is { } schema)
        {
            return ProtobufEncoder.Encode(value, schema);
        }

        return kind.EndsWith(ListSuffix, StringComparison.Ordinal) && ProtobufKinds.Find(apiVersion, kind[..^ListSuffix.Length]) is { } item
            ? List(value, o => ProtobufEncoder.Encode(o, item))
            : null;
    }

    /// <summary>An object's metadata alone.</summary>
    private static byte[] Partial(JsonObject value)
    {
        var writer = new WireWriter();
        if (value["metadata"] is JsonObject metadata)
        {
            writer.Bytes(1, ProtobufEncoder.Encode(metadata, SchemaCatalog.Of(typeof(V1ObjectMeta))));
        }

        return writer.ToArray();
    }

    private static byte[] List(JsonObject list, Func<JsonObject, byte[]> encode)
    {
        var writer = new WireWriter();
        writer.Bytes(1, ProtobufEncoder.Encode(list["metadata"] as JsonObject ?? [], SchemaCatalog.Of(typeof(V1ListMeta))));
        foreach (var item in list.Objects("items"))
        {
            writer.Bytes(2, encode(item));
        }

        return writer.ToArray();
    }
}

using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving.Protobuf;
using YamlDotNet.Core;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Reads what a client sends: JSON, YAML or protobuf, noting fields that are named twice.</summary>
internal static class RequestBody
{
    /// <summary>No object of a real cluster is larger (etcd's limit is 1.5 MiB, the API server's 3 MiB).</summary>
    private const int Limit = 3 << 20;

    public static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, request.HttpContext.RequestAborted)) > 0)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > Limit)
            {
                throw new ApiStatusException(413, "RequestEntityTooLarge", $"Request entity too large: limit is {Limit}");
            }
        }

        return bytes.ToArray();
    }

    /// <summary>The media type without parameters.</summary>
    public static string MediaType(HttpRequest request) => (request.ContentType ?? "").Split(';')[0].Trim().ToLowerInvariant();

    /// <summary>An object, and the paths of fields that were given more than once.</summary>
    public static (JsonObject Object, IReadOnlyList<string> Duplicates) ParseObject(byte[] body, string mediaType)
    {
        var (node, duplicates) = Parse(body, mediaType);
        return node is JsonObject obj
            ? (obj, duplicates)
            : throw ApiErrors.BadRequest("Object 'Kind' is missing in the body: the body is not an object");
    }

    /// <summary>A body of one of the media types that objects have; null where it is empty.</summary>
    public static (JsonNode? Node, IReadOnlyList<string> Duplicates) Parse(byte[] body, string mediaType) => mediaType switch
    {
        _ when body.Length == 0 => (null, []),
        ProtobufObjects.MediaType => (ProtobufObjects.Decode(body), []),
        "" or "application/json" or "application/yaml" => Parse(body),
        _ => throw ApiErrors.UnsupportedMediaType(
            $"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, {ProtobufObjects.MediaType}"),
    };

    public static (JsonNode? Node, IReadOnlyList<string> Duplicates) Parse(byte[] body)
    {
        if (body.Length == 0)
        {
            return (null, []);
        }

        if (!IsJson(body))
        {
            try
            {
                return YamlToJson.Parse(Encoding.UTF8.GetString(body));
            }
            catch (YamlException e)
            {
                throw ApiErrors.BadRequest($"error decoding YAML: {e.Message}");
            }
        }

        try
        {
            var duplicates = new List<string>();
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 256 });
            reader.Read();
            var node = Value(ref reader, "", duplicates);
            if (reader.Read())
            {
                throw ApiErrors.BadRequest("invalid character after top-level value");
            }

            return (node, duplicates);
        }
        catch (JsonException e)
        {
            throw ApiErrors.BadRequest($"the body is not JSON: {e.Message}");
        }
    }

    /// <summary>Whether a body looks like JSON rather than YAML.</summary>
    public static bool IsJson(byte[] body) => body.FirstOrDefault(b => !char.IsWhiteSpace((char)b)) is (byte)'{' or (byte)'[';

    private static JsonNode? Value(ref Utf8JsonReader reader, string path, List<string> duplicates)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var obj = new JsonObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var name = reader.GetString()!;
                    var child = path.Length == 0 ? name : $"{path}.{name}";
                    if (obj.ContainsKey(name))
                    {
                        duplicates.Add(child);
                    }

                    reader.Read();
                    obj[name] = Value(ref reader, child, duplicates);
                }

                return obj;
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    list.Add(Value(ref reader, $"{path}[{list.Count}]", duplicates));
                }

                return list;
            case JsonTokenType.String:
                return JsonValue.Create(reader.GetString());
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var whole) ? JsonValue.Create(whole) : JsonValue.Create(reader.GetDouble());
            case JsonTokenType.True:
                return JsonValue.Create(true);
            case JsonTokenType.False:
                return JsonValue.Create(false);
            default:
                return null;
        }
    }
}

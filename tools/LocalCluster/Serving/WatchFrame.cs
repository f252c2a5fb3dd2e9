using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Serving.Protobuf;

namespace Workspaces.LocalCluster.Serving;

/// <summary>How one event stands in the stream of a watch: a line of JSON, or a counted message of protobuf.</summary>
internal static class WatchFrame
{
    public static string ContentType(RequestedForm form) => form.Protobuf ? ProtobufObjects.MediaType + ";stream=watch" : "application/json";

    public static void Write(HttpResponse response, RequestedForm form, string what, JsonObject obj)
    {
        if (form.Protobuf)
        {
            response.BodyWriter.Write(ProtobufObjects.EncodeEvent(what, obj));
        }
        else
        {
            WriteLine(response, what, JsonSerializer.SerializeToUtf8Bytes(obj, ApiJson.Options));
        }
    }

    /// <summary>An event whose object is JSON already.</summary>
    public static void WriteLine(HttpResponse response, string what, byte[] body)
    {
        var writer = response.BodyWriter;
        writer.Write("{\"type\":\""u8);
        writer.Write(System.Text.Encoding.ASCII.GetBytes(what));
        writer.Write("\",\"object\":"u8);
        writer.Write(body);
        writer.Write("}\n"u8);
    }
}

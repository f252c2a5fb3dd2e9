using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;
using Workspaces.LocalCluster.Tables;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Answers get and list: selectors, pages that all show one moment, and the three forms.</summary>
internal sealed class ListHandler(ObjectStore store)
{
    public async Task GetAsync(ApiRequest request)
    {
        var form = RequestedForm.Of(request.Http.Request);
        if (request.Parameter("resourceVersion") is { Length: > 0 } version)
        {
            await ListStart.ReachedAsync(store, ListStart.ParseVersion(version));
        }

        var stored = store.Get(request.Type, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(request.Type, request.Name!);
        await WriteObjectAsync(request.Http, 200, request.Type, stored.Json, form);
    }

    public static Task WriteObjectAsync(HttpContext http, int code, ResourceType type, JsonObject obj, RequestedForm form) => form.As switch
    {
        RequestedForm.Table => Responses.WriteAsync(http, code, TableWriter.Of(type, [obj], form.WholeObjects, new JsonObject { ["resourceVersion"] = obj.Text("metadata", "resourceVersion") })),
        RequestedForm.Metadata => Responses.WriteAsync(http, code, RequestedForm.MetadataOf(obj)),
        _ => Responses.WriteAsync(http, code, obj),
    };

    public async Task ListAsync(ApiRequest request)
    {
        var form = RequestedForm.Of(request.Http.Request);
        var labels = LabelSelector.Parse(request.Parameter("labelSelector"));
        var fields = FieldSelector.Parse(request.Type, request.Parameter("fieldSelector"));
        long? limit = request.Number("limit") is > 0 and var given ? given : null;
        var (objects, version, after) = await ListStart.OfAsync(request, store, limit is not null);
        var matching = objects.Values
            .Where(o => (request.Namespace is null || o.Namespace == request.Namespace) && labels.Matches(o.Labels) && fields.Matches(o.Json));
        if (after is not null)
        {
            matching = matching.Where(o => string.CompareOrdinal(o.Key, after) > 0);
        }

        var items = matching.ToList();
        var metadata = new JsonObject { ["resourceVersion"] = version.ToString(CultureInfo.InvariantCulture) };
        if (limit < items.Count)
        {
            metadata["continue"] = ContinueToken.Make(version, items[(int)limit.Value - 1].Key);
            if (labels.IsEmpty && fields.IsEmpty)
            {
                metadata["remainingItemCount"] = items.Count - limit.Value;
            }

            items.RemoveRange((int)limit.Value, items.Count - (int)limit.Value);
        }

        await WriteListAsync(request, form, items, metadata);
    }

    private static async Task WriteListAsync(ApiRequest request, RequestedForm form, List<StoredObject> items, JsonObject metadata)
    {
        if (form.As == RequestedForm.Table)
        {
            await Responses.WriteAsync(request.Http, 200, TableWriter.Of(request.Type, items.Select(i => i.Json), form.WholeObjects, metadata));
            return;
        }

        if (form.As == RequestedForm.Metadata)
        {
            await Responses.WriteAsync(request.Http, 200, new JsonObject
            {
                ["kind"] = "PartialObjectMetadataList",
                ["apiVersion"] = "meta.k8s.io/v1",
                ["metadata"] = metadata,
                ["items"] = new JsonArray([.. items.Select(i => (JsonNode)RequestedForm.MetadataOf(i.Json))]),
            });
            return;
        }

        if (form.Protobuf)
        {
            await Responses.WriteAsync(request.Http, 200, new JsonObject
            {
                ["kind"] = request.Type.Kind + "List",
                ["apiVersion"] = request.Type.ApiVersion,
                ["metadata"] = metadata,
                ["items"] = new JsonArray([.. items.Select(i => (JsonNode)i.Copy())]),
            });
            return;
        }

        // Items of a list carry no kind and apiVersion of their own: the stored bytes begin with those two, so they are cut off.
        var head = Encoding.UTF8.GetBytes($"{{\"kind\":\"{request.Type.Kind}\",\"apiVersion\":\"{request.Type.ApiVersion}\",");
        var buffer = new ArrayBufferWriter<byte>(1 << 16);
        buffer.Write(Encoding.UTF8.GetBytes($"{{\"kind\":\"{request.Type.Kind}List\",\"apiVersion\":\"{request.Type.ApiVersion}\",\"metadata\":"));
        buffer.Write(JsonSerializer.SerializeToUtf8Bytes(metadata, ApiJson.Options));
        buffer.Write(",\"items\":["u8);
        for (var i = 0; i < items.Count; i++)
        {
            buffer.Write(i == 0 ? "{"u8 : ",{"u8);
            buffer.Write(items[i].Utf8.AsSpan(head.Length));
        }

        buffer.Write("]}"u8);
        await Responses.WriteAsync(request.Http, buffer.WrittenMemory);
    }
}

using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Schemas;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>The scale subresource: a workload's replica count as an object of its own.</summary>
internal sealed class ScaleHandler(ObjectStore store, ObjectWriter writer, ObjectPatcher patcher)
{
    public async Task HandleAsync(ApiRequest request, Caller caller)
    {
        if (request.Verb == "get")
        {
            await Responses.WriteAsync(request.Http, 200, ScaleOf(Find(request)));
            return;
        }

        if (request.Verb is not ("update" or "patch"))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var mediaType = RequestBody.MediaType(request.Http.Request);
        var bytes = await RequestBody.ReadAsync(request.Http.Request);
        var (body, _) = request.Verb == "patch" ? RequestBody.Parse(bytes) : RequestBody.Parse(bytes, mediaType);
        var problems = request.Verb == "patch" ? StrictBody.OfPatch(bytes, mediaType) : StrictBody.OfObject(bytes, mediaType, SchemaCatalog.Of(typeof(V1Scale)));
        var options = RequestOptions.Of(request, caller, problems);
        if (mediaType == ObjectPatcher.ApplyPatchType)
        {
            if (request.Parameter("fieldManager") is null or "")
            {
                throw ApiErrors.BadRequest("PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is required for apply patch");
            }

            await Responses.WriteAsync(request.Http, 200, Apply(request, body as JsonObject ?? throw ApiErrors.BadRequest("the patch is not an object"), options));
            return;
        }

        JsonObject answer;
        lock (store.Gate)
        {
            answer = Write(request, body ?? throw ApiErrors.BadRequest("the body is empty"), mediaType, options);
        }

        await Responses.WriteAsync(request.Http, 200, answer);
    }

    private JsonObject Write(ApiRequest request, JsonNode body, string mediaType, WriteOptions options)
    {
        var stored = Find(request);
        if (request.Verb == "update")
        {
            FieldProblems.OfBody("Scale", "v1", options);
        }

        var scale = request.Verb == "patch"
            ? ObjectPatcher.Merge(ScaleOf(stored), body, mediaType, SchemaCatalog.Of(typeof(V1Scale)))
            : body as JsonObject ?? throw ApiErrors.BadRequest("the body is not an object");
        var replicas = scale.Number("spec", "replicas") ?? 0;
        var name = stored.Name;
        if (replicas < 0)
        {
            throw ApiErrors.Invalid(request.Type, name, [FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0")]);
        }

        if (scale.Text("metadata", "resourceVersion") is { Length: > 0 } version && version != stored.Json.Text("metadata", "resourceVersion"))
        {
            throw ApiErrors.Modified(request.Type, name);
        }

        var changed = stored.Copy();
        changed["spec"]!["replicas"] = replicas;
        return ScaleOf(writer.Update(request.Type, request.Namespace, name, changed, "scale", options with { Problems = [] }).Object);
    }

    /// <summary>Owns the replicas and nothing else: the workload's own apply with only that field, through the subresource.</summary>
    private JsonObject Apply(ApiRequest request, JsonObject scale, WriteOptions options)
    {
        if (scale.Text("kind") != "Scale" || scale.Text("apiVersion") != "autoscaling/v1")
        {
            throw ApiErrors.BadRequest(
                $"incorrect version specified in apply patch. Specified patch version: {scale["apiVersion"]}/{scale["kind"]}, expected: autoscaling/v1/Scale");
        }

        var config = new JsonObject { ["apiVersion"] = request.Type.ApiVersion, ["kind"] = request.Type.Kind, ["metadata"] = scale["metadata"]?.DeepClone() ?? new JsonObject() };
        if (scale.At("spec", "replicas") is { } replicas)
        {
            config["spec"] = new JsonObject { ["replicas"] = replicas.DeepClone() };
        }

        var force = request.Parameter("force") is "true" or "1";
        return ScaleOf(patcher.Patch(request.Type, request.Namespace, request.Name!, ObjectPatcher.ApplyPatchType, config, force, "scale", options).Object);
    }

    private StoredObject Find(ApiRequest request) =>
        store.Get(request.Type, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(request.Type, request.Name!);

    private static JsonObject ScaleOf(StoredObject stored) => ScaleOf(stored.Json);

    private static JsonObject ScaleOf(JsonObject workload)
    {
        var metadata = new JsonObject();
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            metadata[field] = workload.At("metadata", field)?.DeepClone();
        }

        return new JsonObject
        {
            ["kind"] = "Scale",
            ["apiVersion"] = "autoscaling/v1",
            ["metadata"] = metadata,
            ["spec"] = new JsonObject { ["replicas"] = workload.Number("spec", "replicas") ?? 0 },
            ["status"] = new JsonObject
            {
                ["replicas"] = workload.Number("status", "replicas") ?? 0,
                ["selector"] = Tables.Cells.Labels(workload.At("spec", "selector")),
            },
        };
    }
}

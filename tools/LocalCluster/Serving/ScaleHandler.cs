using System.Text.Json.Nodes;
using k8s.Models;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.FieldOwnership;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Patching;
using Workspaces.LocalCluster.Schemas;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>
/// The scale subresource: a workload's replica count as an object of its own. A write goes from the workload to its Scale, changes that, and goes
/// back, and so does the ownership of the count.
/// </summary>
internal sealed class ScaleHandler(ObjectStore store, ObjectWriter writer, TimeProvider clock)
{
    private const string Kind = "Scale";

    private static readonly FieldSchema Schema = SchemaCatalog.Of(typeof(V1Scale));

    public async Task HandleAsync(ApiRequest request, Caller caller)
    {
        if (request.Verb == "get")
        {
            await Responses.WriteAsync(request.Http, 200, ScaleOf(Find(request).Json));
            return;
        }

        if (request.Verb is not ("update" or "patch"))
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var mediaType = RequestBody.MediaType(request.Http.Request);
        if (request.Verb == "patch" && !ObjectPatcher.MediaTypes.Contains(mediaType))
        {
            throw ObjectPatcher.UnsupportedMediaType();
        }

        var force = request.Verb == "patch" && RequestOptions.Force(request, mediaType);
        var bytes = await RequestBody.ReadAsync(request.Http.Request);
        var (body, _) = request.Verb == "patch" ? RequestBody.Parse(bytes) : RequestBody.Parse(bytes, mediaType);
        var problems = request.Verb == "patch" ? StrictBody.OfPatch(bytes, mediaType) : StrictBody.OfObject(bytes, mediaType, Schema);
        var options = RequestOptions.Of(request, caller, problems);
        JsonObject answer;
        lock (store.Gate)
        {
            answer = Write(request, body, mediaType, force, options);
        }

        await Responses.WriteAsync(request.Http, 200, answer);
    }

    private JsonObject Write(ApiRequest request, JsonNode? body, string mediaType, bool force, WriteOptions options)
    {
        var stored = Find(request);
        var parentOwners = ManagedFields.Of(stored.Json);
        var before = ScaleOf(stored.Json);
        ScaleOwnership.ToScale(parentOwners, request.Type.ApiVersion).WriteTo(before);
        var ownership = new OwnershipRequest(options.FieldManager, ScaleOwnership.ApiVersion, "scale", Schema, FieldSet.Empty, clock.GetUtcNow());
        JsonObject scale;
        if (request.Verb == "patch" && mediaType == ObjectPatcher.ApplyPatchType)
        {
            scale = Apply(before, body, ownership, force);
        }
        else
        {
            scale = request.Verb == "patch"
                ? DecodePatched(ObjectPatcher.Merge(before, body, mediaType, Schema), body, mediaType, options)
                : Decode(body as JsonObject ?? throw ApiErrors.BadRequest("the body is not an object"), options);
            OwnershipTracker.Update(before, scale, ownership);
        }

        WriteChecks.Name(scale, stored.Name);
        Validate(request.Type, stored, scale);

        var changed = stored.Copy();
        var metadata = changed["metadata"]!.AsObject();
        changed["spec"]!["replicas"] = scale.Number("spec", "replicas") ?? 0;
        metadata.Remove("resourceVersion");
        if (scale.Text("metadata", "resourceVersion") is { Length: > 0 } version)
        {
            metadata["resourceVersion"] = version;
        }

        ScaleOwnership.ToParent(parentOwners, ManagedFields.Of(scale), request.Type.ApiVersion).WriteTo(changed);
        return ScaleOf(writer.Replace(request.Type, stored, changed, "scale", options with { Problems = [] }).Object);
    }

    private static JsonObject Apply(JsonObject before, JsonNode? body, OwnershipRequest ownership, bool force)
    {
        var config = ObjectPatcher.Configuration(body, ScaleOwnership.ApiVersion, Kind);
        try
        {
            return KubectlApply.Apply(before, config, ownership, force);
        }
        catch (OwnershipException e)
        {
            throw ObjectPatcher.Untyped(config, ScaleOwnership.ApiVersion, Kind, e);
        }
        catch (ApplyConflict e)
        {
            throw e.ToStatus();
        }
    }

    private static JsonObject Decode(JsonObject given, WriteOptions options)
    {
        FieldProblems.OfBody(Kind, "v1", options);
        try
        {
            return new ObjectDecoder().Decode(given, Schema);
        }
        catch (DecodeException e)
        {
            throw ApiErrors.BadRequest($"Scale in version \"v1\" cannot be handled as a Scale: {e.Message}");
        }
    }

    private static JsonObject DecodePatched(JsonObject patched, JsonNode? patch, string mediaType, WriteOptions options)
    {
        string Shown() => mediaType == ObjectPatcher.StrategicPatchType ? GoText.Of(patch) : patched.ToJsonString(ApiJson.Options);
        var decoder = new ObjectDecoder();
        try
        {
            var scale = decoder.Decode(patched, Schema);
            FieldProblems.OfPatch([.. decoder.UnknownFields.Select(f => $"unknown field \"{f}\"")], Shown, options);
            return scale;
        }
        catch (DecodeException e)
        {
            throw ApiErrors.InvalidPatch(Shown(), e.Message);
        }
    }

    private static void Validate(ResourceType type, StoredObject stored, JsonObject scale)
    {
        if (scale.Number("spec", "replicas") is < 0 and var replicas)
        {
            throw ApiErrors.Invalid(Kind, "autoscaling", stored.Name, [FieldError.Invalid("spec.replicas", $"{replicas}", "must be greater than or equal to 0")]);
        }

        if (scale.Text("metadata", "uid") is { Length: > 0 } uid && uid != stored.Uid)
        {
            throw ApiErrors.Conflict(type, stored.Name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {stored.Uid}", $"{type.Plural}/scale");
        }
    }

    private StoredObject Find(ApiRequest request) =>
        store.Get(request.Type, request.Namespace, request.Name!) ?? throw ApiErrors.NotFound(request.Type, request.Name!);

    private static JsonObject ScaleOf(JsonObject workload)
    {
        var metadata = new JsonObject();
        foreach (var field in new[] { "name", "namespace", "uid", "resourceVersion", "creationTimestamp" })
        {
            metadata[field] = workload.At("metadata", field)?.DeepClone();
        }

        var spec = new JsonObject();
        if (workload.Number("spec", "replicas") is > 0 and var replicas)
        {
            spec["replicas"] = replicas;
        }

        return new JsonObject
        {
            ["kind"] = Kind,
            ["apiVersion"] = ScaleOwnership.ApiVersion,
            ["metadata"] = metadata,
            ["spec"] = spec,
            ["status"] = new JsonObject
            {
                ["replicas"] = workload.Number("status", "replicas") ?? 0,
                ["selector"] = Tables.Cells.Labels(workload.At("spec", "selector")),
            },
        };
    }
}

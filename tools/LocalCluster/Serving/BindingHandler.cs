using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Pods;
using Workspaces.LocalCluster.Schemas;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Puts a pod on a node, as a scheduler does: the binding subresource of pods, and bindings as a resource of their own.</summary>
internal sealed class BindingHandler(ObjectStore store, ObjectWriter writer, TimeProvider clock)
{
    public async Task HandleAsync(ApiRequest request, Caller caller)
    {
        if (request.Verb != "create")
        {
            throw ApiErrors.MethodNotAllowed();
        }

        var (bytes, mediaType) = (await RequestBody.ReadAsync(request.Http.Request), RequestBody.MediaType(request.Http.Request));
        var (body, _) = RequestBody.ParseObject(bytes, mediaType);
        var options = RequestOptions.Of(request, caller, StrictBody.OfObject(bytes, mediaType, SchemaCatalog.Of(ResourceTypes.Bindings)));
        var name = body.Text("metadata", "name") ?? "";
        if (request.Name is { } named && named != name)
        {
            throw ApiErrors.BadRequest("name in URL does not match name in Binding object");
        }

        if (body.Text("target", "kind") is { Length: > 0 } kind and not "Node")
        {
            throw new ApiStatusException(500, "InternalError", $"target.kind: Unsupported value: \"{kind}\": supported values: \"Node\", \"<empty>\"");
        }

        if (body.Text("target", "name") is not { Length: > 0 } node)
        {
            throw new ApiStatusException(500, "InternalError", "target.name: Required value");
        }

        lock (store.Gate)
        {
            Bind(request.Namespace!, name, node, body, options);
        }

        await Responses.WriteAsync(request.Http, 201, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        });
    }

    private void Bind(string ns, string name, string node, JsonObject binding, WriteOptions options)
    {
        var pod = store.Get(ResourceTypes.Pods, ns, name) ?? throw ApiErrors.NotFound(ResourceTypes.Pods, name);
        if (binding.Text("metadata", "uid") is { Length: > 0 } uid && uid != pod.Uid)
        {
            throw Refused(name, $"Precondition failed: UID in precondition: {uid}, UID in object meta: {pod.Uid}");
        }

        var assigned = pod.Json.Text("spec", "nodeName") ?? "";
        var gates = pod.Json.At("spec", "schedulingGates") is JsonArray { Count: > 0 };
        var refusal = pod.IsDeleted ? $"pod {name} is being deleted, cannot be assigned to a host"
            : assigned.Length > 0 ? $"pod {name} is already assigned to node \"{assigned}\""
            : gates ? $"pod {name} has non-empty .spec.schedulingGates"
            : null;
        if (refusal is not null)
        {
            throw Refused(name, refusal);
        }

        var changed = pod.Copy();
        changed["spec"]!["nodeName"] = node;
        ScheduledCondition.SetTrue(changed, clock.GetUtcNow());
        var metadata = changed["metadata"]!.AsObject();
        foreach (var part in new[] { "annotations", "labels" })
        {
            foreach (var (key, value) in binding.At("metadata", part) as JsonObject ?? [])
            {
                metadata.Ensure(part)[key] = value?.DeepClone();
            }
        }

        writer.Update(ResourceTypes.Pods, ns, name, changed, "binding", options);
    }

    private static ApiStatusException Refused(string name, string why) => new(
        409, "Conflict", $"Operation cannot be fulfilled on pods/binding \"{name}\": {why}", new JsonObject { ["name"] = name, ["kind"] = "pods/binding" });
}

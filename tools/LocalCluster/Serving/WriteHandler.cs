using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.Operations;
using Workspaces.LocalCluster.Schemas;
using Workspaces.LocalCluster.Selecting;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Serving;

/// <summary>Answers create, update, patch, delete and deletecollection of objects and their status.</summary>
internal sealed class WriteHandler(ObjectStore store, ObjectWriter writer, ObjectPatcher patcher, ObjectRemover remover, RoleBasedAuthorizer authorizer)
{
    /// <summary>Kinds whose deletion answers with the object; others answer with a Status.</summary>
    private static readonly HashSet<ResourceType> ReturnDeleted =
    [
        ResourceTypes.Pods, ResourceTypes.Services, ResourceTypes.ServiceAccounts, ResourceTypes.PersistentVolumeClaims, ResourceTypes.PersistentVolumes,
        ResourceTypes.ResourceQuotas, ResourceTypes.PodTemplates,
    ];

    public async Task CreateAsync(ApiRequest request, Caller caller)
    {
        var (body, options) = await ReadObjectAsync(request, caller);
        var result = writer.Create(request.Type, request.Namespace, body, options);
        await AnswerAsync(request, result);
    }

    public async Task UpdateAsync(ApiRequest request, Caller caller)
    {
        var (body, options) = await ReadObjectAsync(request, caller);
        var result = writer.Update(request.Type, request.Namespace, request.Name!, body, request.Subresource, Authorized(options));
        await AnswerAsync(request, result);
    }

    public async Task PatchAsync(ApiRequest request, Caller caller)
    {
        var mediaType = RequestBody.MediaType(request.Http.Request);
        if (!ObjectPatcher.MediaTypes.Contains(mediaType))
        {
            throw ObjectPatcher.UnsupportedMediaType();
        }

        var bytes = await RequestBody.ReadAsync(request.Http.Request);
        var force = RequestOptions.Force(request, mediaType);
        var (patch, _) = RequestBody.Parse(bytes);
        var options = Authorized(RequestOptions.Of(request, caller, StrictBody.OfPatch(bytes, mediaType)));
        var result = patcher.Patch(request.Type, request.Namespace, request.Name!, mediaType, patch, force, request.Subresource, options);
        await AnswerAsync(request, result);
    }

    public async Task DeleteAsync(ApiRequest request)
    {
        var options = await DeleteOptionsAsync(request);
        var (obj, gone) = remover.Delete(request.Type, request.Namespace, request.Name!, options);
        var answer = gone && !ReturnDeleted.Contains(request.Type) ? Responses.Success(request.Type, obj) : obj;
        await Responses.WriteAsync(request.Http, 200, answer);
    }

    public async Task DeleteCollectionAsync(ApiRequest request)
    {
        var options = await DeleteOptionsAsync(request);
        var labels = LabelSelector.Parse(request.Parameter("labelSelector"));
        var fields = FieldSelector.Parse(request.Type, request.Parameter("fieldSelector"));
        var deleted = new JsonArray();
        foreach (var stored in store.List(request.Type, request.Namespace).Where(o => labels.Matches(o.Labels) && fields.Matches(o.Json)).ToList())
        {
            try
            {
                deleted.Add(remover.Delete(request.Type, stored.Namespace, stored.Name, options).Object);
            }
            catch (ApiStatusException e) when (e.IsNotFound)
            {
                // Somebody else deleted it meanwhile: that is what was asked for.
            }
        }

        await Responses.WriteAsync(request.Http, 200, new JsonObject
        {
            ["kind"] = request.Type.Kind + "List",
            ["apiVersion"] = request.Type.ApiVersion,
            ["metadata"] = new JsonObject { ["resourceVersion"] = $"{store.Version}" },
            ["items"] = deleted,
        });
    }

    /// <summary>What an update or apply creates, the caller must be allowed to create.</summary>
    private WriteOptions Authorized(WriteOptions options) => options with
    {
        AuthorizeCreate = (type, ns, name) => authorizer.Require(options.Caller, new AccessAttributes("create", type.Group, type.Plural, "", ns ?? "", name)),
    };

    private static async Task<(JsonObject Body, WriteOptions Options)> ReadObjectAsync(ApiRequest request, Caller caller)
    {
        var bytes = await RequestBody.ReadAsync(request.Http.Request);
        var mediaType = RequestBody.MediaType(request.Http.Request);
        var (body, _) = RequestBody.ParseObject(bytes, mediaType);
        return (body, RequestOptions.Of(request, caller, StrictBody.OfObject(bytes, mediaType, SchemaCatalog.Of(request.Type))));
    }

    private static async Task AnswerAsync(ApiRequest request, WriteResult result)
    {
        var form = RequestedForm.Of(request.Http.Request);
        await ListHandler.WriteObjectAsync(request.Http, result.Created ? 201 : 200, request.Type, result.Object, form);
    }

    private static async Task<DeleteOptions> DeleteOptionsAsync(ApiRequest request)
    {
        RequestOptions.Check(request);
        var (body, _) = RequestBody.Parse(await RequestBody.ReadAsync(request.Http.Request), RequestBody.MediaType(request.Http.Request));
        var orphan = body.Flag("orphanDependents");
        if (orphan is not null && body.Text("propagationPolicy") is { } both)
        {
            throw ApiErrors.Invalid(
                "DeleteOptions", "meta.k8s.io", "",
                [FieldError.Invalid("propagationPolicy", FieldError.Quote(both), "orphanDependents and deletionPropagation cannot be both set")]);
        }

        return new DeleteOptions
        {
            GracePeriodSeconds = body.Number("gracePeriodSeconds") ?? request.Number("gracePeriodSeconds"),
            PropagationPolicy = body.Text("propagationPolicy") ?? request.Parameter("propagationPolicy") ?? (orphan is null ? null : orphan.Value ? "Orphan" : "Background"),
            PreconditionUid = body.Text("preconditions", "uid"),
            PreconditionResourceVersion = body.Text("preconditions", "resourceVersion"),
            DryRun = RequestOptions.IsDryRun(request) || (body.At("dryRun") is JsonArray { Count: > 0 }),
        };
    }
}

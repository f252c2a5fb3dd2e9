using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Admission;
using Workspaces.LocalCluster.Api;
using Workspaces.LocalCluster.FieldOwnership;
using Workspaces.LocalCluster.Kinds;
using Workspaces.LocalCluster.Schemas;
using Workspaces.LocalCluster.Storage;

namespace Workspaces.LocalCluster.Operations;

/// <summary>
/// The one way in which objects come to be and change. In order, as the API server does it: decode and default, record field ownership,
/// mutating admission, what the server sets, validation, validating admission, store. All of it under the store's gate, so that what is
/// decided is decided on what is stored.
/// </summary>
internal sealed class ObjectWriter(ObjectStore store, IReadOnlyList<IAdmission> admissions, TimeProvider clock)
{
    private const int NameSuffixTries = 8;

    public ObjectStore Store => store;

    public WriteResult Create(ResourceType type, string? ns, JsonObject body, WriteOptions options)
    {
        lock (store.Gate)
        {
            var obj = BodyDecoder.Decode(body, type, options);
            WriteChecks.SetNamespace(obj, type, ns);
            OwnerReferences.Dedupe(obj, options, afterAdmission: false);
            OwnershipTracker.Update(null, obj, Ownership(type, options, null));
            return Insert(type, obj, options);
        }
    }

    /// <summary>Replaces an object, or one part of it where a subresource is named.</summary>
    public WriteResult Update(ResourceType type, string? ns, string name, JsonObject body, string? subresource, WriteOptions options)
    {
        lock (store.Gate)
        {
            var obj = BodyDecoder.Decode(body, type, options);
            WriteChecks.SetNamespace(obj, type, ns);
            WriteChecks.Name(obj, name);
            OwnerReferences.Dedupe(obj, options, afterAdmission: false);
            var old = store.Get(type, ns, name);
            if (old is null && (subresource is not null || !UpdateStrategy.AllowsCreate(type)))
            {
                throw ApiErrors.NotFound(type, name);
            }

            WriteChecks.Uid(type, ns, name, obj, old);
            if (old is null)
            {
                OwnershipTracker.Update(null, obj, Ownership(type, options, null));
                return Insert(type, obj, options, byUpdate: true);
            }

            OwnershipTracker.Update(old.Json, obj, Ownership(type, options, subresource));
            return Replace(type, old, obj, subresource, options);
        }
    }

    /// <summary>
    /// Stores a new object whose ownership is recorded. The caller holds the gate. What an update or apply creates, its caller must also be allowed
    /// to create.
    /// </summary>
    internal WriteResult Insert(ResourceType type, JsonObject obj, WriteOptions options, bool byUpdate = false)
    {
        var rules = KindCatalog.Of(type);
        var metadata = obj["metadata"]!.AsObject();
        var ns = metadata.Text("namespace");
        if (!byUpdate && metadata.Text("resourceVersion") is { Length: > 0 } and not "0")
        {
            throw new ApiStatusException(500, "", "resourceVersion should not be set on objects to be created");
        }

        CheckNamespace(type, ns, metadata.Text("name") ?? "");

        // What the server alone decides.
        metadata["uid"] = Guid.NewGuid().ToString();
        metadata["creationTimestamp"] = Now();
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("selfLink");
        metadata.Remove("resourceVersion");
        metadata.Remove("generation");
        if (type.CountsGenerations)
        {
            metadata["generation"] = 1L;
        }

        if (type.HasStatus)
        {
            obj["status"] = new JsonObject();
        }

        var context = new KindContext(store, clock.GetUtcNow());
        var request = new AdmissionRequest(type, obj, null, null, store, options);
        foreach (var admission in admissions)
        {
            admission.Mutate(request);
        }

        OwnerReferences.Dedupe(obj, options, afterAdmission: true);
        NameIt(type, metadata, ns);
        rules.PrepareCreate(obj, context);
        WriteChecks.Content(type, rules, obj, null);
        if (byUpdate)
        {
            options.AuthorizeCreate(type, ns, metadata.Text("name")!);
        }

        rules.Warn(obj, null, options.Warnings);
        foreach (var admission in admissions)
        {
            admission.Validate(request);
        }

        var name = metadata.Text("name")!;
        if (store.Get(type, ns, name) is not null)
        {
            throw ApiErrors.AlreadyExists(type, name);
        }

        Account(request);
        return new WriteResult(Save(type, obj, options), Created: true);
    }

    /// <summary>Stores a changed object whose ownership is recorded. The caller holds the gate.</summary>
    internal WriteResult Replace(ResourceType type, StoredObject old, JsonObject obj, string? subresource, WriteOptions options)
    {
        var rules = KindCatalog.Of(type);
        var context = new KindContext(store, clock.GetUtcNow());
        var request = new AdmissionRequest(type, obj, old.Json, subresource, store, options);
        if (subresource != "status")
        {
            foreach (var admission in admissions)
            {
                admission.Mutate(request);
            }
        }

        OwnerReferences.Dedupe(obj, options, afterAdmission: true);
        WriteChecks.Version(type, old, obj);
        UpdateScope.Limit(type, old, obj, subresource);
        if (subresource is null or "scale")
        {
            rules.PrepareUpdate(obj, old.Json, context);
        }

        if (subresource != "status")
        {
            SetGeneration(type, rules, obj, old.Json);
        }

        WriteChecks.Content(type, rules, obj, old.Json, subresource);
        if (subresource is null)
        {
            rules.Warn(obj, old.Json, options.Warnings);
        }

        obj["metadata"]!["resourceVersion"] = old.ResourceVersion.ToString(CultureInfo.InvariantCulture);
        Timestamps.KeepWhereNothingElseChanged(obj, old.Json);
        foreach (var admission in admissions)
        {
            admission.Validate(request);
        }

        obj = Canonical(type, obj);
        if (JsonNode.DeepEquals(obj, old.Json))
        {
            return new WriteResult(obj, Created: false);
        }

        if (IsReleased(obj))
        {
            // The last finalizer of a deleted object went: now it goes.
            if (!options.DryRun)
            {
                var last = store.Put(type, obj);
                obj = store.Remove(last).Copy();
            }

            return new WriteResult(obj, Created: false);
        }

        Account(request);
        return new WriteResult(Save(type, obj, options), Created: false);
    }

    internal OwnershipRequest Ownership(ResourceType type, WriteOptions options, string? subresource) =>
        new(options.FieldManager, type.ApiVersion, subresource ?? "", SchemaCatalog.Of(type), ResetFields.Of(type, subresource), clock.GetUtcNow());

    internal string Now() => clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private static void SetGeneration(ResourceType type, KindRules rules, JsonObject obj, JsonObject old)
    {
        if (type.CountsGenerations && rules.ChangesGeneration(obj, old))
        {
            obj["metadata"]!["generation"] = (old.Number("metadata", "generation") ?? 0) + 1;
        }
    }

    private static IEnumerable<string> Finalizers(JsonObject obj) =>
        obj.At("metadata", "finalizers") is JsonArray list ? list.Select(f => (string?)f ?? "") : [];

    private static bool IsReleased(JsonObject obj) =>
        obj.At("metadata", "deletionTimestamp") is not null
        && !Finalizers(obj).Any()
        && (obj.Number("metadata", "deletionGracePeriodSeconds") ?? 0) == 0
        && obj.At("spec", "finalizers") is not JsonArray { Count: > 0 };

    private static JsonObject Canonical(ResourceType type, JsonObject obj)
    {
        var result = new ObjectDecoder().Decode(obj, SchemaCatalog.Of(type));
        result.Remove("kind");
        result.Remove("apiVersion");
        result.Insert(0, "apiVersion", type.ApiVersion);
        result.Insert(0, "kind", type.Kind);
        return result;
    }

    private JsonObject Save(ResourceType type, JsonObject obj, WriteOptions options)
    {
        // A version to be, so that it has its place among the fields.
        var metadata = obj["metadata"]!.AsObject();
        var isNew = metadata["resourceVersion"] is null;
        metadata["resourceVersion"] ??= "0";
        obj = Canonical(type, obj);
        if (options.DryRun && isNew)
        {
            obj["metadata"]!.AsObject().Remove("resourceVersion");
        }

        return options.DryRun ? obj : store.Put(type, obj).Copy();
    }

    private void Account(AdmissionRequest request)
    {
        if (!request.Options.DryRun)
        {
            foreach (var admission in admissions)
            {
                admission.Account(request);
            }
        }
    }

    private void NameIt(ResourceType type, JsonObject metadata, string? ns)
    {
        if (metadata.Text("name") is { Length: > 0 } || metadata.Text("generateName") is not { Length: > 0 } prefix)
        {
            return;
        }

        for (var i = 0; i < NameSuffixTries; i++)
        {
            var name = GeneratedNames.From(prefix);
            if (store.Get(type, ns, name) is null)
            {
                metadata["name"] = name;
                return;
            }
        }

        throw ApiErrors.AlreadyExists(type, prefix);
    }

    private void CheckNamespace(ResourceType type, string? ns, string name)
    {
        if (!type.Namespaced)
        {
            return;
        }

        var found = store.Get(ResourceTypes.Namespaces, null, ns ?? throw ApiErrors.BadRequest("an empty namespace may not be set during creation"))
            ?? throw ApiErrors.NotFound(ResourceTypes.Namespaces, ns);
        if (found.Json.Text("status", "phase") == "Terminating")
        {
            throw ApiErrors.Forbidden(type, name, $"unable to create new content in namespace {ns} because it is being terminated", [new JsonObject
            {
                ["reason"] = "NamespaceTerminating",
                ["message"] = $"namespace {ns} is being terminated",
                ["field"] = "metadata.namespace",
            }]);
        }
    }
}

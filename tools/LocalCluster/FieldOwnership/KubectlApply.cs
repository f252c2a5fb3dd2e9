using System.Text.Json;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// Apply, with what the API server does for the manager <c>kubectl</c> alone: fields that kubectl applied on the client's side, as its annotation
/// says, are no conflict, and that annotation is kept up to date.
/// (https://kubernetes.io/docs/reference/using-api/server-side-apply/#upgrading-from-client-side-apply-to-server-side-apply)
/// </summary>
internal static class KubectlApply
{
    private const string Kubectl = "kubectl";
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";

    /// <summary>The whole new object with its managedFields set.</summary>
    public static JsonObject Apply(JsonObject? live, JsonObject config, OwnershipRequest request, bool force)
    {
        ManagedFields owners;
        JsonObject? changed;
        try
        {
            changed = OwnershipTracker.Apply(live, config, request, force, out owners);
        }
        catch (ApplyConflict e) when (request.FieldManager == Kubectl && LastAppliedFields(live, request) is { } allowed)
        {
            if (e.Without(allowed) is { } left)
            {
                throw left;
            }

            changed = OwnershipTracker.Apply(live, config, request, force: true, out owners);
        }

        var result = changed ?? live?.DeepClone().AsObject() ?? NewObject.Of(config, request.Schema);
        if (request.FieldManager == Kubectl && result.Text("metadata", "annotations", LastApplied) is { Length: > 0 })
        {
            result["metadata"]!["annotations"]![LastApplied] = Encode(config);
        }

        owners.WriteTo(result);
        return result;
    }

    /// <summary>What kubectl applied last and is still so; null where nothing says what that was.</summary>
    private static FieldSet? LastAppliedFields(JsonObject? live, OwnershipRequest request)
    {
        if (live?.Text("metadata", "annotations", LastApplied) is not { Length: > 0 } text)
        {
            return null;
        }

        try
        {
            if (JsonNode.Parse(text) is not JsonObject last || last.Text("apiVersion") != request.ApiVersion)
            {
                return null;
            }

            TypeCheck.Require(last, request.Schema);
            var compare = Comparison.Of(last, live, request.Schema);
            return FieldsOf.Value(last, request.Schema).Except(compare.Modified).Except(compare.Added).Except(compare.Removed);
        }
        catch (Exception e) when (e is JsonException or OwnershipException)
        {
            // An annotation that says nothing allows nothing.
            return null;
        }
    }

    private static string Encode(JsonObject config)
    {
        var copy = config.DeepClone().AsObject();
        (copy.At("metadata", "annotations") as JsonObject)?.Remove(LastApplied);
        return Sorted(copy)!.ToJsonString(ApiJson.Options) + "\n";
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}

using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Kinds;

/// <summary>What an update may not change in metadata.</summary>
internal static class MetadataUpdateRules
{
    private static readonly string[] Immutable = ["uid", "deletionTimestamp", "deletionGracePeriodSeconds"];

    /// <summary>The API server checks metadata twice, for all kinds and for each, and names every cause as often.</summary>
    public static void Validate(JsonObject obj, JsonObject old, List<FieldError> errors)
    {
        if (old.At("metadata", "deletionTimestamp") is not null)
        {
            var added = Finalizers(obj).Except(Finalizers(old)).ToList();
            if (added.Count > 0)
            {
                var error = FieldError.Forbidden(
                    "metadata.finalizers",
                    $"no new finalizers can be added if the object is being deleted, found new finalizers []string{{{string.Join(", ", added.Select(FieldError.Quote))}}}");
                errors.AddRange([error, error]);
            }
        }

        foreach (var name in Immutable)
        {
            var (now, before) = (obj.At("metadata", name), old.At("metadata", name));
            if (!JsonNode.DeepEquals(now, before))
            {
                var error = FieldError.Invalid($"metadata.{name}", now?.ToJsonString(ApiJson.Options) ?? "null", "field is immutable");
                errors.AddRange([error, error]);
            }
        }
    }

    private static IEnumerable<string> Finalizers(JsonObject obj) =>
        obj.At("metadata", "finalizers") is JsonArray list ? list.Select(f => (string?)f ?? "") : [];
}

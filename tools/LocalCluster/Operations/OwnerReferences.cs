using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Operations;

/// <summary>Leaves out owner references that are there twice, with the warning that the API server gives.</summary>
internal static class OwnerReferences
{
    public static void Dedupe(JsonObject obj, WriteOptions options, bool afterAdmission)
    {
        if (obj.At("metadata", "ownerReferences") is not JsonArray { Count: > 1 } given)
        {
            return;
        }

        var kept = new List<JsonNode?>();
        var duplicates = new List<string>();
        foreach (var reference in given)
        {
            if (!kept.Exists(k => JsonNode.DeepEquals(k, reference)))
            {
                kept.Add(reference);
            }
            else if (!duplicates.Contains(reference.Text("uid") ?? ""))
            {
                duplicates.Add(reference.Text("uid") ?? "");
            }
        }

        if (duplicates.Count == 0)
        {
            return;
        }

        obj["metadata"]!["ownerReferences"] = new JsonArray([.. kept.Select(k => k?.DeepClone())]);
        options.Warnings.Add(
            $".metadata.ownerReferences contains duplicate entries{(afterAdmission ? " after mutating admission happens" : "")}; API server dedups owner references in 1.20+, "
            + $"and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: {string.Join(", ", duplicates)}");
    }
}

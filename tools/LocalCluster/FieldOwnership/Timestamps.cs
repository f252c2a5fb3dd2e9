using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// Takes back new times in managedFields where nothing else changed: an object that a request leaves as it was, defaults and all, makes no
/// new version.
/// </summary>
internal static class Timestamps
{
    public static void KeepWhereNothingElseChanged(JsonObject written, JsonObject old)
    {
        if (written.At("metadata", "managedFields") is not JsonArray { Count: > 0 } now || old.At("metadata", "managedFields") is not JsonArray before
            || now.Count != before.Count || JsonNode.DeepEquals(now, before))
        {
            return;
        }

        var timeless = written.DeepClone().AsObject();
        foreach (var (entry, stored) in timeless["metadata"]!["managedFields"]!.AsArray().Zip(before))
        {
            entry!.AsObject().Remove("time");
            if (stored?["time"] is { } time)
            {
                entry.AsObject()["time"] = time.DeepClone();
            }
        }

        timeless["metadata"]!["resourceVersion"] = old["metadata"]!["resourceVersion"]!.DeepClone();
        if (JsonNode.DeepEquals(timeless, old))
        {
            written["metadata"]!["managedFields"] = before.DeepClone();
        }
    }
}

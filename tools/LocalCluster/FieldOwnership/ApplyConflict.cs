using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Tells an applier which fields others own, in the API server's words: one cause for each field.</summary>
internal static class ApplyConflict
{
    public static ApiStatusException Of(IReadOnlyList<(Manager Manager, FieldSet Fields)> conflicts, ManagedFields fields)
    {
        var found = conflicts
            .SelectMany(c => c.Fields.Paths().Select(path => (Manager: Show(c.Manager, fields), Path: PathElements.Show(path))))
            .OrderBy(c => c.Manager, StringComparer.Ordinal)
            .ToList();
        var causes = new JsonArray([.. found.Select(c => (JsonNode)new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = $"conflict with {c.Manager}",
            ["field"] = c.Path,
        })]);
        var message = found.Count == 1
            ? $"Apply failed with 1 conflict: conflict with {found[0].Manager}: {found[0].Path}"
            : $"Apply failed with {found.Count} conflicts: " + string.Join("\n", found.GroupBy(c => c.Manager).Select(g =>
                $"conflicts with {g.Key}:\n" + string.Join("\n", g.Select(c => $"- {c.Path}"))));
        return new ApiStatusException(409, "Conflict", message, new JsonObject { ["causes"] = causes });
    }

    private static string Show(Manager manager, ManagedFields fields)
    {
        var text = $"\"{manager.Name}\"";
        if (manager.Subresource.Length > 0)
        {
            text += $" with subresource \"{manager.Subresource}\"";
        }

        if (manager.Applied)
        {
            return text;
        }

        text += $" using {manager.ApiVersion}";
        return fields.TimeOf(manager) is { } time ? $"{text} at {time}" : text;
    }
}

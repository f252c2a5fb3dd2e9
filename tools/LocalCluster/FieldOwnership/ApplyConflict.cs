using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>Fields that an applier would change and others own.</summary>
internal sealed class ApplyConflict(IReadOnlyList<(Manager Manager, FieldSet Fields)> conflicts) : Exception
{
    public FieldSet Fields => conflicts.Aggregate(FieldSet.Empty, (all, c) => all.Union(c.Fields));

    /// <summary>Without fields that do not count; null where nothing is left.</summary>
    public ApplyConflict? Without(FieldSet allowed)
    {
        var left = conflicts.Select(c => (c.Manager, Fields: c.Fields.Except(allowed))).Where(c => !c.Fields.IsEmpty).ToList();
        return left.Count == 0 ? null : new ApplyConflict(left);
    }

    /// <summary>The refusal in the API server's words: one cause for each field.</summary>
    public ApiStatusException ToStatus()
    {
        var found = conflicts.OrderBy(c => c.Manager.Id, StringComparer.Ordinal)
            .Select(c => (Manager: Show(c.Manager), Paths: c.Fields.Paths().Select(p => string.Concat(p)).ToList()))
            .ToList();
        var causes = new JsonArray([.. found.SelectMany(c => c.Paths.Select(path => (JsonNode)new JsonObject
        {
            ["reason"] = "FieldManagerConflict",
            ["message"] = $"conflict with {c.Manager}",
            ["field"] = path,
        }))]);
        var message = causes.Count == 1
            ? $"Apply failed with 1 conflict: conflict with {found[0].Manager}: {found[0].Paths[0]}"
            : $"Apply failed with {causes.Count} conflicts: "
                + string.Join("\n", found.Select(c => $"conflicts with {c.Manager}:\n" + string.Join("\n", c.Paths.Select(p => $"- {p}"))));
        return new ApiStatusException(409, "Conflict", message, new JsonObject { ["causes"] = causes });
    }

    private static string Show(Manager manager)
    {
        var text = $"\"{manager.Name}\"";
        if (manager.Subresource.Length > 0)
        {
            text += $" with subresource \"{manager.Subresource}\"";
        }

        return manager.Applied ? text : $"{text} using {manager.ApiVersion}";
    }
}

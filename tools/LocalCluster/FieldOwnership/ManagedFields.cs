using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>metadata.managedFields as sets: which manager owns which fields, and since when.</summary>
internal sealed class ManagedFields
{
    /// <summary>Beyond so many managers that update, the oldest are put together (as the API server does).</summary>
    private const int MaxUpdateManagers = 10;

    private readonly Dictionary<Manager, (FieldSet Fields, string? Time)> _owners = [];

    public IReadOnlyCollection<Manager> Managers => _owners.Keys;

    public bool IsEmpty => _owners.Count == 0;

    public FieldSet this[Manager manager] => _owners.TryGetValue(manager, out var owned) ? owned.Fields : FieldSet.Empty;

    public string? TimeOf(Manager manager) => _owners.TryGetValue(manager, out var owned) ? owned.Time : null;

    /// <summary>Reads an object's entries. <see cref="FormatException"/> where one is not an entry.</summary>
    public static ManagedFields Of(JsonObject obj)
    {
        var result = new ManagedFields();
        foreach (var entry in obj.Objects("metadata", "managedFields"))
        {
            var manager = new Manager(
                entry.Text("manager") ?? "unknown",
                entry.Text("operation") ?? throw new FormatException("operation is missing"),
                entry.Text("apiVersion") ?? throw new FormatException("apiVersion is missing"),
                entry.Text("subresource") ?? "");
            var fields = entry["fieldsV1"] as JsonObject ?? [];
            result._owners[manager] = (FieldSet.FromFieldsV1(fields), entry.Text("time"));
        }

        return result;
    }

    /// <summary>Sets what a manager owns; owning nothing removes it. The time is kept where only the set shrinks.</summary>
    public void Set(Manager manager, FieldSet fields, DateTimeOffset? changed = null)
    {
        if (fields.IsEmpty)
        {
            _owners.Remove(manager);
            return;
        }

        var time = changed?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture) ?? TimeOf(manager);
        _owners[manager] = (fields, time);
    }

    /// <summary>An entry that owns nothing is kept for an applier: it applied, and its next apply must know that.</summary>
    public void WriteTo(JsonObject obj)
    {
        Cap();
        var metadata = obj.Ensure("metadata");
        metadata.Remove("managedFields");
        if (_owners.Count == 0)
        {
            return;
        }

        var entries = _owners
            .OrderBy(o => o.Key.Operation, StringComparer.Ordinal)
            .ThenBy(o => o.Value.Time, StringComparer.Ordinal)
            .ThenBy(o => o.Key.Name, StringComparer.Ordinal)
            .ThenBy(o => o.Key.ApiVersion, StringComparer.Ordinal)
            .ThenBy(o => o.Key.Subresource, StringComparer.Ordinal);
        metadata["managedFields"] = new JsonArray([.. entries.Select(o => Entry(o.Key, o.Value.Fields, o.Value.Time))]);
    }

    private static JsonObject Entry(Manager manager, FieldSet fields, string? time)
    {
        var entry = new JsonObject
        {
            ["apiVersion"] = manager.ApiVersion,
            ["fieldsType"] = "FieldsV1",
            ["fieldsV1"] = fields.ToFieldsV1(),
            ["manager"] = manager.Name,
            ["operation"] = manager.Operation,
        };
        if (manager.Subresource.Length > 0)
        {
            entry["subresource"] = manager.Subresource;
        }

        if (time is not null)
        {
            entry["time"] = time;
        }

        return entry;
    }

    private void Cap()
    {
        var updaters = _owners.Where(o => !o.Key.Applied).OrderBy(o => o.Value.Time, StringComparer.Ordinal).ToList();
        for (var i = 0; i < updaters.Count - MaxUpdateManagers; i++)
        {
            var (old, owned) = (updaters[i].Key, updaters[i].Value);
            var ancient = new Manager("ancient-changes", Manager.Update, old.ApiVersion, "");
            _owners.Remove(old);
            _owners[ancient] = (this[ancient].Union(owned.Fields), owned.Time);
        }
    }
}

using System.Globalization;
using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>metadata.managedFields as sets: which manager owns which fields, and since when.</summary>
internal sealed class ManagedFields
{
    /// <summary>Beyond so many managers that update, the oldest are put together.</summary>
    private const int MaxUpdateManagers = 10;

    private readonly Dictionary<Manager, OwnedFields> _owners = [];

    public IReadOnlyCollection<Manager> Managers => _owners.Keys;

    public bool IsEmpty => _owners.Count == 0;

    public FieldSet this[Manager manager] => _owners.TryGetValue(manager, out var owned) ? owned.Fields : FieldSet.Empty;

    public OwnedFields? Find(Manager manager) => _owners.GetValueOrDefault(manager);

    /// <summary>What anybody owns.</summary>
    public FieldSet All => _owners.Values.Aggregate(FieldSet.Empty, (all, owned) => all.Union(owned.Fields));

    /// <summary>Reads an object's entries. <see cref="FormatException"/> where one is not an entry.</summary>
    public static ManagedFields Of(JsonObject? obj) => Read(obj.At("metadata", "managedFields") as JsonArray);

    /// <summary>Reads entries. <see cref="FormatException"/> where one is not an entry.</summary>
    public static ManagedFields Read(JsonArray? entries)
    {
        var result = new ManagedFields();
        foreach (var entry in entries ?? [])
        {
            var operation = entry.Text("operation");
            var version = entry.Text("apiVersion") ?? "";
            if (operation is not (Manager.Apply or Manager.Update))
            {
                throw new FormatException("operation must be `Apply` or `Update`");
            }

            if (version.Length == 0 || entry.Text("fieldsType") != "FieldsV1")
            {
                throw new FormatException("apiVersion must not be empty and fieldsType must be FieldsV1");
            }

            // Unlike a manager that writes, an entry may have no name.
            var manager = new Manager(entry.Text("manager") ?? "", operation, operation == Manager.Apply ? "" : version, entry.Text("subresource") ?? "");
            var fields = entry.At("fieldsV1") as JsonObject ?? [];
            result._owners[manager] = new OwnedFields(FieldSet.FromFieldsV1(fields), version, entry.Text("time"));
        }

        return result;
    }

    /// <summary>Sets what a manager owns; owning nothing removes it.</summary>
    public void Set(Manager manager, OwnedFields owned)
    {
        if (owned.Fields.IsEmpty)
        {
            _owners.Remove(manager);
        }
        else
        {
            _owners[manager] = owned;
        }
    }

    /// <summary>Takes fields from every manager but one.</summary>
    public void TakeFromOthers(FieldSet taken, Manager? but)
    {
        foreach (var (manager, owned) in _owners.Where(o => o.Key != but).ToList())
        {
            Set(manager, owned with { Fields = owned.Fields.Except(taken) });
        }
    }

    public static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    /// <summary>The entries, in the order in which the API server has them.</summary>
    public JsonArray ToEntries() => new([.. _owners
        .OrderBy(o => o.Key.Operation, StringComparer.Ordinal)
        .ThenBy(o => o.Value.Time ?? "", StringComparer.Ordinal)
        .ThenBy(o => o.Key.Name, StringComparer.Ordinal)
        .ThenBy(o => o.Value.ApiVersion, StringComparer.Ordinal)
        .ThenBy(o => o.Key.Subresource, StringComparer.Ordinal)
        .Select(o => (JsonNode)Entry(o.Key, o.Value))]);

    /// <summary>Puts the entries into an object's metadata, or takes them out where there are none.</summary>
    public void WriteTo(JsonObject obj)
    {
        var metadata = obj.Ensure("metadata");
        metadata.Remove("managedFields");
        if (_owners.Count > 0)
        {
            metadata["managedFields"] = ToEntries();
        }
    }

    /// <summary>
    /// Puts the oldest managers that update together into one, <c>ancient-changes</c>, until no more than ten are left. The first that is found
    /// of a version becomes that one when a second is found.
    /// </summary>
    public void Cap()
    {
        var updaters = _owners.Where(o => !o.Key.Applied)
            .OrderBy(o => o.Value.Time ?? "", StringComparer.Ordinal).ThenBy(o => o.Key.Id, StringComparer.Ordinal).Select(o => o.Key).ToList();
        var left = updaters.Count;
        var first = new Dictionary<string, Manager>();
        foreach (var manager in updaters)
        {
            if (left <= MaxUpdateManagers)
            {
                return;
            }

            var owned = _owners[manager];
            if (!first.TryGetValue(owned.ApiVersion, out var oldest))
            {
                first[owned.ApiVersion] = manager;
                continue;
            }

            var bucket = new Manager("ancient-changes", Manager.Update, owned.ApiVersion, "");
            if (!_owners.ContainsKey(bucket) && _owners.Remove(oldest, out var begun))
            {
                _owners[bucket] = begun;
            }

            _owners[bucket] = owned with { Fields = owned.Fields.Union(_owners[bucket].Fields) };
            _owners.Remove(manager);
            left--;
        }
    }

    private static JsonObject Entry(Manager manager, OwnedFields owned)
    {
        var entry = new JsonObject();
        if (manager.Name.Length > 0)
        {
            entry["manager"] = manager.Name;
        }

        entry["operation"] = manager.Operation;
        entry["apiVersion"] = owned.ApiVersion;
        if (owned.Time is not null)
        {
            entry["time"] = owned.Time;
        }

        entry["fieldsType"] = "FieldsV1";
        entry["fieldsV1"] = owned.Fields.ToFieldsV1();
        if (manager.Subresource.Length > 0)
        {
            entry["subresource"] = manager.Subresource;
        }

        return entry;
    }
}

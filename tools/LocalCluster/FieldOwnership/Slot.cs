using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>A place in an object: nothing there, or a value, which may be null. The two differ: a null is owned, nothing is not.</summary>
internal readonly record struct Slot(bool Present, JsonNode? Value)
{
    public static Slot Absent => default;

    /// <summary>Absent, null, or an object or list with nothing in it.</summary>
    public bool IsBare => Value is null or JsonObject { Count: 0 } or JsonArray { Count: 0 };

    public static Slot Of(JsonNode? value) => new(true, value);

    public static Slot Of(JsonObject? parent, string name) =>
        parent is not null && parent.TryGetPropertyValue(name, out var value) ? Of(value) : Absent;
}

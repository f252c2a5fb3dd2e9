namespace Workspaces.Requests.Blueprints.Schema;

/// <summary>
/// What a blueprint may say at one place. One tree of these (<see cref="BlueprintSchema"/>) drives the names that are known, the
/// rules of values, how lists merge, and which JSON type a value becomes.
/// </summary>
public abstract record SchemaNode;

/// <summary>A single value.</summary>
/// <param name="Form">The JSON type it becomes.</param>
/// <param name="Rule">Returns what is wrong with a value, or null.</param>
public sealed record ScalarSchema(ScalarForm Form, Func<string, string?>? Rule = null) : SchemaNode;

/// <summary>A list.</summary>
/// <param name="Item">What each item is.</param>
/// <param name="Replaces">Whether a child's list replaces the parent's (command-like) instead of being appended to it.</param>
/// <param name="AllowEmpty">Whether it may be empty.</param>
public sealed record ListSchema(SchemaNode Item, bool Replaces = false, bool AllowEmpty = true) : SchemaNode;

/// <summary>A map whose keys are the author's own.</summary>
/// <param name="KeyRule">Returns what is wrong with a key, or null.</param>
/// <param name="Value">What each value is.</param>
public sealed record MapSchema(Func<string, string?> KeyRule, SchemaNode Value) : SchemaNode;

/// <summary>A map with known keys.</summary>
/// <param name="Fields">Every known key.</param>
/// <param name="Required">Keys that must be there.</param>
public sealed record ObjectSchema(IReadOnlyDictionary<string, SchemaNode> Fields, params string[] Required) : SchemaNode;

/// <summary>The JSON type of a single value.</summary>
public enum ScalarForm
{
    /// <summary>Text, whatever YAML would have guessed.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary><c>true</c> or <c>false</c>.</summary>
    Boolean,
}

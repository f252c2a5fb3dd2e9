namespace Workspaces.Requests.Blueprints.Source;

/// <summary>
/// A value of a blueprint that still knows where it was written. Blueprints are merged, interpolated and checked in this form, so
/// that an error found at the very end still names a file and a line.
/// </summary>
public abstract record SourceNode(SourceLocation Location)
{
    /// <summary>What a person would call this kind of value.</summary>
    public abstract string Kind { get; }
}

/// <summary>Text, a number or a truth value: which one is decided by the schema and not by YAML's guess.</summary>
/// <param name="Location">Where it was written.</param>
/// <param name="Text">The text as it was written, without quotes.</param>
/// <param name="Quoted">Whether it was quoted; <c>"null"</c> in quotes is text.</param>
/// <param name="Deferred">Whether it contains an expression whose value is not known yet, so that its rule cannot be applied.</param>
public sealed record SourceScalar(SourceLocation Location, string Text, bool Quoted, bool Deferred = false) : SourceNode(Location)
{
    /// <inheritdoc/>
    public override string Kind => IsNull ? "nothing" : "a single value";

    /// <summary>Whether it is YAML's null, which removes an inherited key.</summary>
    public bool IsNull => !Quoted && Text is ("" or "~" or "null" or "Null" or "NULL");
}

/// <summary>A list.</summary>
public sealed record SourceList(SourceLocation Location, IReadOnlyList<SourceNode> Items) : SourceNode(Location)
{
    /// <inheritdoc/>
    public override string Kind => "a list";
}

/// <summary>A map; keeps the order in which keys were written.</summary>
public sealed record SourceMap(SourceLocation Location, IReadOnlyList<SourceEntry> Entries) : SourceNode(Location)
{
    /// <inheritdoc/>
    public override string Kind => "a map";

    /// <summary>The value of a key, or null.</summary>
    public SourceNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    /// <summary>The text of a key, or null where it is absent or not a single value.</summary>
    public string? Text(string key) => this[key] is SourceScalar { IsNull: false } scalar ? scalar.Text : null;
}

/// <summary>A key of a map and its value.</summary>
public sealed record SourceEntry(string Key, SourceLocation KeyLocation, SourceNode Value);

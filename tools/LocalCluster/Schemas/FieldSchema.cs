namespace Workspaces.LocalCluster.Schemas;

/// <summary>
/// What is known of one type of value: its fields or elements, and, for server-side apply and patches, whether it is merged or replaced
/// as a whole. Built once from the client library's classes and <see cref="ListTypes"/>.
/// </summary>
public sealed class FieldSchema(FieldKind kind)
{
    public FieldKind Kind { get; } = kind;

    /// <summary>Struct: its name in the Kubernetes API, such as PodSpec.</summary>
    public string Name { get; init; } = "";

    /// <summary>Struct: the client library's class that it was made from.</summary>
    public Type? Model { get; init; }

    /// <summary>Struct: its fields in the order in which they are written.</summary>
    public OrderedDictionary<string, FieldSchema> Fields { get; } = [];

    /// <summary>Struct: fields that are objects in their own right and so are always written, even empty.</summary>
    public HashSet<string> AlwaysPresent { get; } = [];

    /// <summary>Struct: fields that are not written where they are empty, zero or false.</summary>
    public HashSet<string> OmittedWhenZero { get; } = [];

    /// <summary>Struct: for strategic merge patch, fields whose patch lists every key to keep in $retainKeys.</summary>
    public HashSet<string> RetainKeys { get; } = [];

    /// <summary>Struct: fields that strategic merge patch replaces as a whole (patchStrategy replace).</summary>
    public HashSet<string> PatchReplaces { get; } = [];

    /// <summary>Struct: fields that are written as null where there is nothing in them.</summary>
    public HashSet<string> NullWhenEmpty { get; } = [];

    /// <summary>Map and list: what each value is.</summary>
    public FieldSchema? Element { get; init; }

    /// <summary>Owned and replaced as a whole (x-kubernetes-map-type or -list-type atomic).</summary>
    public bool Atomic { get; init; }

    /// <summary>List of scalars without duplicates (x-kubernetes-list-type set).</summary>
    public bool IsSet { get; init; }

    /// <summary>List of objects that are told apart by these fields (x-kubernetes-list-map-keys).</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];

    /// <summary>Values (texts or whole numbers) that key fields have where an item leaves them out.</summary>
    public IReadOnlyDictionary<string, object> KeyDefaults { get; init; } = new Dictionary<string, object>();

    /// <summary>The field by which strategic merge patch tells items apart; null where such a patch replaces the list.</summary>
    public string? PatchMergeKey { get; init; }

    /// <summary>List of scalars: strategic merge patch adds to it and does not replace it (patchStrategy merge without a key).</summary>
    public bool PatchMerges { get; init; }

    public bool IsAssociativeList => Kind == FieldKind.List && Keys.Count > 0;

    public bool IsScalar => Kind is not (FieldKind.Struct or FieldKind.Map or FieldKind.List);

    /// <summary>The schema of what stands under a property name of a struct or map; null where the name is unknown.</summary>
    public FieldSchema? Child(string name) => Kind == FieldKind.Map ? Element : Fields.GetValueOrDefault(name);
}

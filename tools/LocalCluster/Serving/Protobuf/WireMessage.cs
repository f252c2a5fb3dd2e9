namespace Workspaces.LocalCluster.Serving.Protobuf;

/// <summary>The fields of one message, by number for reading; writing goes through them in order.</summary>
internal sealed class WireMessage
{
    private readonly SortedDictionary<int, WireField> _fields = [];

    /// <summary>Every field in the order of its number, as encoders write them.</summary>
    public IEnumerable<WireField> Fields => _fields.Values;

    /// <summary>The field with a number, or null: a later version's, which is passed over.</summary>
    public WireField? Find(int number) => _fields.GetValueOrDefault(number);

    /// <summary>Whether a JSON name is one of this message's or of its parts'.</summary>
    public bool Has(string name) => _fields.Values.Any(f => f.Part is null ? f.Name == name : f.Part.Has(name));

    internal void Add(WireField field) => _fields.Add(field.Number, field);
}

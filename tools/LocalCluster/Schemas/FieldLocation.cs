namespace Workspaces.LocalCluster.Schemas;

/// <summary>Where in an object a reader is. Made into text, such as <c>spec.containers[0].image</c>, only for a message.</summary>
internal sealed class FieldLocation
{
    private readonly FieldLocation? _parent;
    private readonly string? _name;
    private readonly int _index;

    private FieldLocation(FieldLocation? parent, string? name, int index) => (_parent, _name, _index) = (parent, name, index);

    public static FieldLocation Root { get; } = new(null, null, 0);

    public FieldLocation Field(string name) => new(this, name, 0);

    public FieldLocation Item(int index) => new(this, null, index);

    public override string ToString()
    {
        if (_parent is null)
        {
            return "";
        }

        var before = _parent.ToString();
        return _name is null ? $"{before}[{_index}]" : before.Length == 0 ? _name : $"{before}.{_name}";
    }
}

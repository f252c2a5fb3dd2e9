using System.Text.Json.Nodes;
using Workspaces.LocalCluster.Schemas;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// A set of field paths, as a tree. A node is in the set when it is a member; its children are paths below it. Never changed once it is built.
/// </summary>
internal sealed class FieldSet
{
    private readonly SortedDictionary<PathElement, FieldSet> _children = [];

    public FieldSet(bool isMember = false) => IsMember = isMember;

    public static FieldSet Empty { get; } = new();

    /// <summary>Whether the path to this node is itself in the set.</summary>
    public bool IsMember { get; private set; }

    public IReadOnlyDictionary<PathElement, FieldSet> Children => _children;

    public bool IsEmpty => !IsMember && _children.Count == 0;

    public bool HasChildren => _children.Count > 0;

    /// <summary>A set of paths that are all made of fields, each written with dots.</summary>
    public static FieldSet OfFields(params ReadOnlySpan<string> paths)
    {
        var set = new FieldSet();
        foreach (var path in paths)
        {
            set.Include([.. path.Split('.').Select(PathElement.Field)]);
        }

        return set;
    }

    /// <summary>The part of the set below a path element.</summary>
    public FieldSet Below(PathElement element) => _children.GetValueOrDefault(element, Empty);

    /// <summary>Whether a path is a member.</summary>
    public bool Has(params ReadOnlySpan<PathElement> path)
    {
        var node = this;
        foreach (var element in path)
        {
            node = node.Below(element);
        }

        return node.IsMember;
    }

    public FieldSet Union(FieldSet other) => Combine(other, (a, b) => a || b);

    public FieldSet Intersect(FieldSet other) => Combine(other, (a, b) => a && b);

    public FieldSet Except(FieldSet other) => Combine(other, (a, b) => a && !b);

    /// <summary>Leaves out whole branches: every member of <paramref name="branches"/> and every path below one.</summary>
    public FieldSet WithoutBranches(FieldSet branches)
    {
        var result = new FieldSet(IsMember && !branches.IsMember);
        foreach (var (element, child) in _children)
        {
            var branch = branches.Below(element);
            if (!branch.IsMember)
            {
                result.Add(element, child.WithoutBranches(branch));
            }
        }

        return result;
    }

    /// <summary>
    /// With the named fields of structs on the way to a member counted as members too; entries of maps and items of lists are not.
    /// </summary>
    public FieldSet WithNamedParents(FieldSchema? schema)
    {
        var result = new FieldSet(IsMember);
        foreach (var (element, child) in _children)
        {
            var isField = element.Kind == 'f';
            var childSchema = isField ? schema?.Child(element.Name) : element.Kind == 'k' ? schema?.Element : null;
            var below = child.WithNamedParents(childSchema);
            var named = isField && schema?.Kind == FieldKind.Struct && childSchema is not null && child.HasChildren;
            if (named)
            {
                below.IsMember = true;
            }

            result.Add(element, below);
        }

        return result;
    }

    public bool SameAs(FieldSet other) =>
        IsMember == other.IsMember
        && _children.Count == other._children.Count
        && _children.All(c => other._children.TryGetValue(c.Key, out var twin) && c.Value.SameAs(twin));

    /// <summary>Every path in the set: at each level first the members, then what is below each (as the API server lists conflicts).</summary>
    public IEnumerable<IReadOnlyList<PathElement>> Paths()
    {
        return Walk(this, []);

        static IEnumerable<IReadOnlyList<PathElement>> Walk(FieldSet node, List<PathElement> path)
        {
            foreach (var (element, child) in node._children)
            {
                if (child.IsMember)
                {
                    yield return [.. path, element];
                }
            }

            foreach (var (element, child) in node._children)
            {
                path.Add(element);
                foreach (var found in Walk(child, path))
                {
                    yield return found;
                }

                path.RemoveAt(path.Count - 1);
            }
        }
    }

    /// <summary>Puts a subtree under an element while a set is being built; an empty one is left out.</summary>
    internal void Add(PathElement element, FieldSet child)
    {
        if (!child.IsEmpty)
        {
            _children[element] = child;
        }
    }

    /// <summary>Makes a path a member while a set is being built. The empty path is no field.</summary>
    internal void Include(params ReadOnlySpan<PathElement> path)
    {
        if (path.Length == 0)
        {
            return;
        }

        var node = this;
        foreach (var element in path)
        {
            if (!node._children.TryGetValue(element, out var child))
            {
                node._children[element] = child = new FieldSet();
            }

            node = child;
        }

        node.IsMember = true;
    }

    /// <summary>Reads the fieldsV1 form. <see cref="FormatException"/> where it is not one.</summary>
    public static FieldSet FromFieldsV1(JsonObject fields)
    {
        var set = Read(fields);
        set.IsMember = false;
        return set;

        static FieldSet Read(JsonObject node)
        {
            // {} is a leaf; a member that has children says so by ".".
            var set = new FieldSet(node.ContainsKey("."));
            foreach (var (text, child) in node)
            {
                if (text != "." && PathElement.Parse(text) is { } element)
                {
                    set._children[element] = Read(child as JsonObject ?? throw new FormatException($"fieldsV1: {text} is not an object"));
                }
            }

            set.IsMember |= set._children.Count == 0;
            return set;
        }
    }

    /// <summary>Writes the fieldsV1 form.</summary>
    public JsonObject ToFieldsV1()
    {
        var result = new JsonObject();
        if (IsMember && _children.Count > 0)
        {
            result["."] = new JsonObject();
        }

        foreach (var (element, child) in _children)
        {
            result[element.Text] = child.ToFieldsV1();
        }

        return result;
    }

    private FieldSet Combine(FieldSet other, Func<bool, bool, bool> isMember)
    {
        var result = new FieldSet(isMember(IsMember, other.IsMember));
        foreach (var (element, child) in _children)
        {
            result.Add(element, child.Combine(other.Below(element), isMember));
        }

        foreach (var (element, child) in other._children)
        {
            if (!_children.ContainsKey(element))
            {
                result.Add(element, Empty.Combine(child, isMember));
            }
        }

        return result;
    }
}

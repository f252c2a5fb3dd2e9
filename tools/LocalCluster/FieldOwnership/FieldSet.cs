using System.Text.Json.Nodes;

namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>
/// A set of field paths, as a tree. A node is in the set when it is a member; its children are paths below it. Path elements are kept in
/// the form that managedFields has: <c>f:name</c> a field, <c>k:{"name":"x"}</c> an item of a list by its keys, <c>v:"x"</c> an item of a set.
/// Never changed once it is built.
/// </summary>
public sealed class FieldSet
{
    private readonly SortedDictionary<string, FieldSet> _children = new(StringComparer.Ordinal);

    public FieldSet(bool isMember = false) => IsMember = isMember;

    public static FieldSet Empty { get; } = new();

    /// <summary>Whether the path to this node is itself in the set.</summary>
    public bool IsMember { get; private set; }

    public IReadOnlyDictionary<string, FieldSet> Children => _children;

    public bool IsEmpty => !IsMember && _children.Count == 0;

    /// <summary>The part of the set below a path element.</summary>
    public FieldSet Below(string element) => _children.GetValueOrDefault(element, Empty);

    public FieldSet Union(FieldSet other) => Combine(other, (a, b) => a || b);

    public FieldSet Intersect(FieldSet other) => Combine(other, (a, b) => a && b);

    public FieldSet Except(FieldSet other) => Combine(other, (a, b) => a && !b);

    /// <summary>Leaves out whole branches: every path that begins with a leaf of <paramref name="branches"/>.</summary>
    public FieldSet WithoutBranches(FieldSet branches)
    {
        var result = new FieldSet(IsMember);
        foreach (var (element, child) in _children)
        {
            var branch = branches.Below(element);
            if (branch.IsMember && branch.Children.Count == 0)
            {
                continue;
            }

            result.Add(element, child.WithoutBranches(branch));
        }

        return result;
    }

    public bool SameAs(FieldSet other) =>
        IsMember == other.IsMember
        && _children.Count == other._children.Count
        && _children.All(c => other._children.TryGetValue(c.Key, out var twin) && c.Value.SameAs(twin));

    /// <summary>Every path in the set, in order, each as its elements.</summary>
    public IEnumerable<IReadOnlyList<string>> Paths()
    {
        var stack = new List<string>();
        return Walk(this, stack);

        static IEnumerable<IReadOnlyList<string>> Walk(FieldSet node, List<string> path)
        {
            if (node.IsMember)
            {
                yield return [.. path];
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
    internal void Add(string element, FieldSet child)
    {
        if (!child.IsEmpty)
        {
            _children[element] = child;
        }
    }

    /// <summary>Makes a path a member while a set is being built.</summary>
    internal void Include(params ReadOnlySpan<string> path)
    {
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

    /// <summary>Reads the fieldsV1 form.</summary>
    public static FieldSet FromFieldsV1(JsonObject fields)
    {
        var set = Read(fields);
        return set.IsMember && set.Children.Count == 0 ? Empty : set;

        static FieldSet Read(JsonObject node)
        {
            // {} is a leaf; a member that has children says so by ".".
            var set = new FieldSet(node.Count == 0 || node.ContainsKey("."));
            foreach (var (element, child) in node)
            {
                if (element != ".")
                {
                    set._children[element] = Read(child as JsonObject ?? throw new FormatException($"fieldsV1: {element} is not an object"));
                }
            }

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
            result[element] = child.ToFieldsV1();
        }

        return result;
    }

    private FieldSet Combine(FieldSet other, Func<bool, bool, bool> isMember)
    {
        var result = new FieldSet(isMember(IsMember, other.IsMember));
        foreach (var element in _children.Keys.Union(other._children.Keys))
        {
            result.Add(element, Below(element).Combine(other.Below(element), isMember));
        }

        return result;
    }
}

namespace Workspaces.Proxy.Routing;

/// <summary>
/// What is gone for good, so that a late or repeated message revives nothing. Remembers the newest <c>capacity</c>; not safe for
/// concurrent use.
/// </summary>
internal sealed class Tombstones<T>(int capacity)
    where T : notnull
{
    private readonly HashSet<T> _gone = [];
    private readonly Queue<T> _order = new();

    /// <summary>Whether <paramref name="item"/> is gone.</summary>
    public bool Contains(T item) => _gone.Contains(item);

    /// <summary>Remembers that <paramref name="item"/> is gone.</summary>
    public void Add(T item)
    {
        if (!_gone.Add(item))
        {
            return;
        }

        _order.Enqueue(item);
        if (_order.Count > capacity)
        {
            _gone.Remove(_order.Dequeue());
        }
    }
}

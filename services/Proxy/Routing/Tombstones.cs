using System.Diagnostics.CodeAnalysis;

namespace Workspaces.Proxy.Routing;

/// <summary>
/// What is gone for good and why, so that a late or repeated message revives nothing. Remembers the newest <c>capacity</c>; not safe
/// for concurrent use.
/// </summary>
internal sealed class Tombstones<TKey, TReason>(int capacity)
    where TKey : notnull
{
    private readonly Dictionary<TKey, TReason> _gone = [];
    private readonly Queue<TKey> _order = new();

    /// <summary>Whether <paramref name="key"/> is gone.</summary>
    public bool Contains(TKey key) => _gone.ContainsKey(key);

    /// <summary>Why <paramref name="key"/> is gone.</summary>
    public bool TryGetReason(TKey key, [MaybeNullWhen(false)] out TReason reason) => _gone.TryGetValue(key, out reason);

    /// <summary>Remembers that <paramref name="key"/> is gone; the first reason stays.</summary>
    public void Add(TKey key, TReason reason)
    {
        if (!_gone.TryAdd(key, reason))
        {
            return;
        }

        _order.Enqueue(key);
        if (_order.Count > capacity)
        {
            _gone.Remove(_order.Dequeue());
        }
    }
}

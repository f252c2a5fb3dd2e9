using Workspaces.Ssh;

namespace Workspaces.Proxy.Relaying;

/// <summary>
/// The global requests of one side that wait for a reply (RFC 4254 section 4). Replies have no id; where the relay answers one itself, its
/// answer must come in its turn among the relayed ones.
/// </summary>
internal sealed class GlobalRequests(int limit)
{
    private readonly Queue<PendingRequest> _pending = new();

    /// <summary>A request that is being relayed. Call before it leaves: the reply may be quick.</summary>
    public void Add(PendingRequest request)
    {
        if (_pending.Count >= limit)
        {
            throw new SshFormatException($"More than {limit} global requests wait for a reply.");
        }

        _pending.Enqueue(request);
    }

    /// <summary>A request that the relay refuses by itself. True where the answer may go at once; otherwise its turn comes with <see cref="Complete"/>.</summary>
    public bool RefuseNow()
    {
        if (_pending.Count == 0)
        {
            return true;
        }

        Add(new PendingRequest(PendingKind.OwnFailure));
        return false;
    }

    /// <summary>The request that the next reply belongs to; it stays until <see cref="Complete"/>, so that nothing overtakes the reply.</summary>
    public PendingRequest Next() =>
        _pending.TryPeek(out var request) ? request : throw new SshFormatException("A reply came to a global request that nobody made.");

    /// <summary>The reply has left. Returns how many answers of the relay's own have their turn now.</summary>
    public int Complete()
    {
        _pending.Dequeue();
        var own = 0;
        while (_pending.TryPeek(out var request) && request.Kind == PendingKind.OwnFailure)
        {
            _pending.Dequeue();
            own++;
        }

        return own;
    }
}

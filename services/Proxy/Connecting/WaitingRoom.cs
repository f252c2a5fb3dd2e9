namespace Workspaces.Proxy.Connecting;

/// <summary>Counts the logins of each user that wait, so that one user cannot fill the Proxy with waiting connections.</summary>
public sealed class WaitingRoom(ProxyOptions options)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _waiting = new(StringComparer.Ordinal);

    /// <summary>A place, until it is disposed; null where the user has no more.</summary>
    public IDisposable? Enter(string user)
    {
        lock (_lock)
        {
            var count = _waiting.GetValueOrDefault(user);
            if (count >= options.Wait.MaxPerUser)
            {
                return null;
            }

            _waiting[user] = count + 1;
            return new Place(this, user);
        }
    }

    private void Leave(string user)
    {
        lock (_lock)
        {
            if (--_waiting[user] == 0)
            {
                _waiting.Remove(user);
            }
        }
    }

    private sealed class Place(WaitingRoom room, string user) : IDisposable
    {
        private WaitingRoom? _room = room;

        public void Dispose() => Interlocked.Exchange(ref _room, null)?.Leave(user);
    }
}

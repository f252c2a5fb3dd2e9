namespace Workspaces.Proxy.Listening;

/// <summary>
/// Bounds the connections that are not logged in. Where there are many, each new one costs one of the old ones its place, at
/// random and more often the more there are: half-open connections, which only sit there, lose theirs in the end, and a login,
/// which takes a fraction of a second, almost never does. (sshd's MaxStartups drops the new connection instead, which locks
/// everybody out as long as somebody keeps it full.)
/// </summary>
public sealed class StartupGate(int begin, int full, Random random)
{
    private const double RateAtBegin = 0.3;

    private readonly Lock _lock = new();
    private readonly List<Startup> _startups = [];

    /// <summary>Connections that are not logged in.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _startups.Count;
            }
        }
    }

    /// <summary>Counts a new connection until the returned value is disposed.</summary>
    /// <param name="drop">Ends the connection at once, if another one needs its place.</param>
    public IDisposable Enter(Action drop)
    {
        var entering = new Startup(this, drop);
        Startup? victim = null;
        lock (_lock)
        {
            if (_startups.Count >= begin && random.NextDouble() < RateAt(_startups.Count))
            {
                victim = _startups[random.Next(_startups.Count)];
                Remove(victim);
            }

            entering.Index = _startups.Count;
            _startups.Add(entering);
        }

        victim?.Drop();
        return entering;
    }

    private double RateAt(int count) =>
        count >= full ? 1 : RateAtBegin + ((1 - RateAtBegin) * (count - begin) / Math.Max(1, full - begin));

    private void Leave(Startup startup)
    {
        lock (_lock)
        {
            Remove(startup);
        }
    }

    private void Remove(Startup startup)
    {
        if (startup.Index < 0)
        {
            return;
        }

        var last = _startups[^1];
        _startups[startup.Index] = last;
        last.Index = startup.Index;
        _startups.RemoveAt(_startups.Count - 1);
        startup.Index = -1;
    }

    private sealed class Startup(StartupGate gate, Action drop) : IDisposable
    {
        /// <summary>Place in the list; negative when it has left.</summary>
        public int Index { get; set; } = -1;

        public void Drop() => drop();

        public void Dispose() => gate.Leave(this);
    }
}

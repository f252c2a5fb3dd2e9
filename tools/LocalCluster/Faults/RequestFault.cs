using System.Text.Json.Serialization;

namespace Workspaces.LocalCluster.Faults;

/// <summary>A fault of requests to the API. It strikes at a seeded rate, a number of times or until it is cleared.</summary>
internal sealed class RequestFault(string id, FaultKind kind, FaultSettings settings)
{
    private readonly Random _random = new(settings.Seed);
    private readonly Lock _lock = new();
    private int? _left = settings.Times;
    private int _struck;

    public string Id => id;

    public FaultKind Kind => kind;

    [JsonIgnore]
    public FaultSettings Settings => settings;

    /// <summary>How often it struck.</summary>
    public int Struck
    {
        get
        {
            lock (_lock)
            {
                return _struck;
            }
        }
    }

    /// <summary>Whether it will not strike again.</summary>
    public bool IsSpent
    {
        get
        {
            lock (_lock)
            {
                return _left == 0;
            }
        }
    }

    /// <summary>Decides for one request that it matches whether it strikes; counts it if so.</summary>
    public bool Strikes()
    {
        lock (_lock)
        {
            if (_left == 0 || _random.NextDouble() >= settings.Rate)
            {
                return false;
            }

            _struck++;
            _left--;
            return true;
        }
    }

    /// <summary>How long a request is held up, this time.</summary>
    public TimeSpan Delay()
    {
        lock (_lock)
        {
            return TimeSpan.FromMilliseconds(Math.Max(0, settings.Milliseconds + (settings.JitterMilliseconds * ((_random.NextDouble() * 2) - 1))));
        }
    }
}

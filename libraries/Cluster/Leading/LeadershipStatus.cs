namespace Workspaces.Cluster.Leading;

/// <summary>What is known of the cluster and of our place in it; health checks read it.</summary>
public sealed class LeadershipStatus(TimeProvider time)
{
    private long _lastAnswer;
    private volatile bool _leads;

    /// <summary>Whether this process holds the lease.</summary>
    public bool Leads
    {
        get => _leads;
        set => _leads = value;
    }

    /// <summary>The cluster's API answered.</summary>
    public void Answered() => Interlocked.Exchange(ref _lastAnswer, time.GetTimestamp());

    /// <summary>Whether the cluster's API has answered within <paramref name="within"/>.</summary>
    public bool HasAnswered(TimeSpan within)
    {
        var last = Interlocked.Read(ref _lastAnswer);
        return last != 0 && time.GetElapsedTime(last) <= within;
    }
}

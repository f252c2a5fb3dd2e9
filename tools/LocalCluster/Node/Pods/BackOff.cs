namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>
/// The kubelet's delay before another attempt: none at first, then 10 s doubling to 5 minutes, forgotten after 10 quiet minutes.
/// </summary>
internal sealed class BackOff
{
    private static readonly TimeSpan Initial = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Forgotten = TimeSpan.FromMinutes(10);

    private DateTime _lastAttempt;

    /// <summary>The present delay; zero before the first attempt.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>When the next attempt is due after a failure at <paramref name="failure"/>.</summary>
    public DateTime NotBefore(DateTime failure) => failure - _lastAttempt > Forgotten ? failure : failure + Delay;

    /// <summary>Notes an attempt: the next delay is longer.</summary>
    public void Attempt(DateTime now)
    {
        var longer = Delay == TimeSpan.Zero || now - _lastAttempt > Forgotten ? Initial : Delay * 2;
        Delay = longer < Longest ? longer : Longest;
        _lastAttempt = now;
    }
}

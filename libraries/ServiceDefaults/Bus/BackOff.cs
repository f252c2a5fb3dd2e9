namespace Workspaces.ServiceDefaults.Bus;

/// <summary>Growing waits between attempts: doubled each time up to a limit, with jitter so that services do not come back all at once.</summary>
public sealed class BackOff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private readonly TimeSpan _longest;
    private int _attempts;

    /// <summary>Waits of 200 ms up to 30 s.</summary>
    public BackOff()
        : this(Longest)
    {
    }

    /// <summary>Waits of 200 ms up to <paramref name="longest"/>.</summary>
    public BackOff(TimeSpan longest) => _longest = longest;

    /// <summary>Length of the wait after this many failed attempts, without jitter.</summary>
    public static TimeSpan DelayAfter(int attempts, TimeSpan longest)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(attempts, 0, 30));
        return doubled < longest ? doubled : longest;
    }

    /// <summary>The next wait.</summary>
    public TimeSpan Next() => DelayAfter(_attempts++, _longest) * (0.75 + (Random.Shared.NextDouble() / 2));

    /// <summary>Waits before the next attempt; a cancelled wait just ends, so that loops end by their own condition.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(Next(), cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>After a success.</summary>
    public void Reset() => _attempts = 0;
}

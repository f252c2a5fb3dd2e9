namespace Workspaces.Ssh.Authentication;

/// <summary>A deadline whose clock can be stopped.</summary>
internal sealed class GraceTime : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private TimeSpan _left;
    private long _since;

    public GraceTime(TimeSpan length, TimeProvider time)
    {
        _time = time;
        _left = length;
        _source = new CancellationTokenSource(length, time);
        _since = time.GetTimestamp();
    }

    /// <summary>Cancelled when the time is used up.</summary>
    public CancellationToken Token => _source.Token;

    public void Pause()
    {
        _left -= _time.GetElapsedTime(_since);
        _source.CancelAfter(Timeout.InfiniteTimeSpan);
    }

    public void Resume()
    {
        _since = _time.GetTimestamp();
        _source.CancelAfter(_left > TimeSpan.Zero ? _left : TimeSpan.Zero);
    }

    public void Dispose() => _source.Dispose();
}

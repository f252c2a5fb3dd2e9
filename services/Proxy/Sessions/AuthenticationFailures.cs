using System.Net;
using Workspaces.Contracts;
using Workspaces.Proxy.Sessions.Spool;
using EventId = Workspaces.Contracts.EventId;

namespace Workspaces.Proxy.Sessions;

/// <summary>
/// Records logins that failed: the first from an address at once, further ones summed up until its interval is over, so that an
/// attacker cannot flood the log. That an address is kept away counts apart from what it failed with before, so that it is known at
/// once too. Addresses beyond a limit are summed up together.
/// </summary>
internal sealed partial class AuthenticationFailures(AuditSpool spool, TimeProvider time, ILogger<AuthenticationFailures> logger) : BackgroundService
{
    private const int MaxAddresses = 10_000;
    private const string OtherAddresses = "others";

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string From, bool Throttled), Tally> _tallies = [];
    private readonly Guid _proxy = Guid.NewGuid();
    private long _number;

    /// <summary>Records a failure.</summary>
    public void Add(IPAddress? address, string login, AuthenticationFailureReason reason)
    {
        var from = address?.ToString() ?? "unknown";
        var attempted = SafeText.OneLine(login);
        lock (_lock)
        {
            var throttled = reason == AuthenticationFailureReason.Throttled;
            if (!_tallies.ContainsKey((from, throttled)) && _tallies.Count >= MaxAddresses)
            {
                from = OtherAddresses;
            }

            if (_tallies.TryGetValue((from, throttled), out var tally))
            {
                tally.Add(attempted, reason, time.GetUtcNow());
                return;
            }

            _tallies.Add((from, throttled), new Tally(time.GetTimestamp()));
        }

        Record(from, attempted, reason, attempts: 1, time.GetUtcNow());
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                SumUp(Interval);
            }
        }
        finally
        {
            SumUp(TimeSpan.Zero);
        }
    }

    /// <summary>Records the sums of the addresses whose interval is over.</summary>
    internal void SumUp(TimeSpan interval)
    {
        List<KeyValuePair<(string From, bool Throttled), Tally>> over;
        lock (_lock)
        {
            over = [.. _tallies.Where(pair => time.GetElapsedTime(pair.Value.Began) >= interval)];
            foreach (var (from, tally) in over)
            {
                _tallies.Remove(from);
                if (tally.Attempts > 0)
                {
                    _tallies.Add(from, new Tally(time.GetTimestamp())); // still at it
                }
            }
        }

        foreach (var (key, tally) in over.Where(pair => pair.Value.Attempts > 0))
        {
            Record(key.From, tally.Login, tally.Reason, tally.Attempts, tally.LastAt);
        }
    }

    private void Record(string from, string login, AuthenticationFailureReason reason, int attempts, DateTimeOffset at)
    {
        var failed = new AuthenticationFailed
        {
            EventId = EventId.For<AuthenticationFailed>($"{_proxy}/{Interlocked.Increment(ref _number)}"),
            OccurredAt = at,
            ClientAddress = from,
            AttemptedLogin = login,
            Reason = reason,
            Attempts = attempts,
        };
        try
        {
            spool.Append(failed);
        }
        catch (IOException e)
        {
            LogNotRecorded(logger, from, reason, e);
        }
    }

    private sealed class Tally(long began)
    {
        public long Began { get; } = began;

        public int Attempts { get; private set; }

        public string Login { get; private set; } = "";

        public AuthenticationFailureReason Reason { get; private set; }

        public DateTimeOffset LastAt { get; private set; }

        public void Add(string login, AuthenticationFailureReason reason, DateTimeOffset at)
        {
            Attempts++;
            Login = login;
            Reason = reason;
            LastAt = at;
        }
    }

    [LoggerMessage(1340, LogLevel.Error, "A failed login from {Address} ({Reason}) could not be recorded.")]
    private static partial void LogNotRecorded(ILogger logger, string address, AuthenticationFailureReason reason, Exception exception);
}

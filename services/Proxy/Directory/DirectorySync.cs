using Workspaces.Proxy.Routing;
using Workspaces.ServiceDefaults.Bus;

namespace Workspaces.Proxy.Directory;

/// <summary>
/// Keeps what the Proxy knows in step with the directory: subscribe, then snapshot. Events flow into the routing table by
/// themselves; a snapshot fills in what was published before the queue was bound, or while the connection was lost:
/// 1. when the queue is bound, at start and after each reconnect;
/// 2. a moment later, because what one snapshot lacks may only not have reached Requests yet: what the second one lacks too is gone;
/// 3. every minute, so that whatever went wrong mends itself.
/// Old routes serve meanwhile.
/// </summary>
public sealed partial class DirectorySync(
    DirectoryClient client, RoutingTable routes, KeyRing keys, TimeProvider time, ILogger<DirectorySync> logger)
    : BackgroundService, ISubscriptionObserver
{
    private static readonly TimeSpan SecondLook = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _turn = new(1);
    private long _previous = long.MinValue;
    private int _rounds;

    /// <summary>Whether a first snapshot has been taken in, so that logins can be decided.</summary>
    public bool IsFilled => Volatile.Read(ref _rounds) > 0;

    /// <inheritdoc/>
    public async Task OnSubscribedAsync(CancellationToken cancellationToken)
    {
        await SynchronizeAsync(cancellationToken);
        await Task.Delay(SecondLook, time, cancellationToken);
        await SynchronizeAsync(cancellationToken);
    }

    /// <summary>Takes in one snapshot.</summary>
    internal async Task SynchronizeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var asked = time.GetTimestamp();
            var askedAt = time.GetUtcNow();
            var snapshot = await client.ReadAsync(cancellationToken);

            foreach (var problem in keys.Apply(snapshot, asked))
            {
                LogUnreadableKey(logger, SafeText.OneLine(problem));
            }

            routes.Apply(snapshot, asked, askedAt, absentSince: _previous);
            _previous = asked;
            if (Interlocked.Increment(ref _rounds) == 1)
            {
                LogFilled(logger, snapshot.Users.Count, snapshot.Workspaces.Count, snapshot.Instances.Count);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SynchronizeAsync(stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                LogNotRead(logger, e);
            }
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    [LoggerMessage(1100, LogLevel.Information, "The directory is known: {Users} users, {Workspaces} workspaces, {Instances} instances.")]
    private static partial void LogFilled(ILogger logger, int users, int workspaces, int instances);

    [LoggerMessage(1101, LogLevel.Warning, "The directory could not be read; what is known stays. The next attempt is in a minute.")]
    private static partial void LogNotRead(ILogger logger, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "A user's key in the directory cannot be used: {Problem}")]
    private static partial void LogUnreadableKey(ILogger logger, string problem);
}

using Workspaces.Contracts;
using Workspaces.Proxy.Authenticating;
using Workspaces.Proxy.Routing;

namespace Workspaces.Proxy.Sessions;

/// <summary>
/// Ends sessions whose right has gone (key, user, ownership, workspace or instance) and those that are idle for too long. Looks at all sessions whenever something
/// changed, never at what it was that changed; and every few seconds anyway.
/// </summary>
internal sealed partial class SessionGuard(
    SessionRegistry sessions, Credentials credentials, RoutingTable routes, ChangeSignal changes, ProxyOptions options, TimeProvider time, ILogger<SessionGuard> logger) : BackgroundService
{
    private static readonly TimeSpan AtLeastEvery = TimeSpan.FromSeconds(5);

    /// <summary>A thousand changes at once are one look.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(50);

    private readonly IdleWatch? _idle = options.IdleTimeout is { } timeout ? new IdleWatch(timeout, time) : null;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var changed = changes.Next;
            EndWhatHasNoRight();
            EndWhatIsIdle();
            await changed.WaitAsync(AtLeastEvery, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(Gather, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private void EndWhatHasNoRight()
    {
        foreach (var session in sessions.All)
        {
            if (session.EndedBecause is null && SessionRight.WhyToEnd(session, credentials, routes) is { } end)
            {
                LogEnded(logger, session.Id, session.Facts.User, end.Sentence);
                session.End(end.Reason, end.Sentence);
            }
        }
    }

    private void EndWhatIsIdle()
    {
        foreach (var session in _idle?.Look([.. sessions.All]) ?? [])
        {
            session.End(SessionCloseReason.Idle, $"Nothing passed for {options.IdleTimeout:g}, so the session was ended. Log in again.");
        }
    }

    [LoggerMessage(1320, LogLevel.Information, "Session {Session} of {User} is ended: {Sentence}")]
    private static partial void LogEnded(ILogger logger, Guid session, string user, string sentence);
}

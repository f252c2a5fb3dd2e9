using Workspaces.Contracts;
using Workspaces.Proxy.Relaying;
using Workspaces.Proxy.Sessions.Spool;

namespace Workspaces.Proxy.Sessions;

/// <summary>Records what a session is used for.</summary>
internal sealed partial class SessionObserver(Session session, AuditSpool spool, ILogger logger) : IRelayObserver
{
    public ValueTask ChannelOpenedAsync(ChannelKind kind, string? detail)
    {
        spool.Append(session.ChannelOpened(kind, detail));
        return ValueTask.CompletedTask;
    }

    public ValueTask DroppedAsync(long count)
    {
        LogDropped(logger, count, session.Id);
        return ValueTask.CompletedTask;
    }

    [LoggerMessage(1350, LogLevel.Error, "{Count} channels of session {Session} came too fast and are not in the log.")]
    private static partial void LogDropped(ILogger logger, long count, Guid session);
}

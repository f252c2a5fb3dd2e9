namespace Workspaces.Proxy.Relaying;

/// <summary>Log messages of the relay: 4300 to 4349.</summary>
internal static partial class RelayLog
{
    [LoggerMessage(4300, LogLevel.Error, "An observer of a session failed; the session goes on, the event is lost")]
    public static partial void ObserverFailed(ILogger logger, Exception exception);
}

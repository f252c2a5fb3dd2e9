using Microsoft.Extensions.Logging;

namespace Workspaces.ServiceDefaults.Bus;

internal static partial class BusLog
{
    [LoggerMessage(300, LogLevel.Information, "Exchanges, queues and bindings are declared.")]
    public static partial void TopologyDeclared(ILogger logger);

    [LoggerMessage(301, LogLevel.Warning, "Exchanges, queues and bindings could not be declared; nothing is published until they are. Trying again.")]
    public static partial void TopologyFailed(ILogger logger, Exception exception);

    [LoggerMessage(302, LogLevel.Warning, "Message {MessageId} could not be handled (attempt {Attempt}): {Cause} Trying again in {Delay}.")]
    public static partial void HandlingFailed(ILogger logger, Guid? messageId, int attempt, string cause, TimeSpan? delay);

    [LoggerMessage(303, LogLevel.Information, "Reading from {Queue}.")]
    public static partial void Subscribed(ILogger logger, string queue);

    [LoggerMessage(304, LogLevel.Warning, "{Observer} failed after subscribing; trying again.")]
    public static partial void ObserverFailed(ILogger logger, string observer, Exception exception);
}

namespace Workspaces.Auditor.Webhooks;

internal static partial class WebhookLog
{
    [LoggerMessage(1200, LogLevel.Information, "Webhooks are delivered from here.")]
    public static partial void Dispatching(ILogger logger);

    [LoggerMessage(1201, LogLevel.Warning, "Delivering webhooks was interrupted; it goes on where it stopped.")]
    public static partial void DispatchingFailed(ILogger logger, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "Delivering for the subscription {Subscription} was interrupted; it goes on where it stopped.")]
    public static partial void SubscriptionFailed(ILogger logger, string subscription, Exception exception);
}

namespace Workspaces.Auditor.Webhooks;

internal static partial class WebhookLog
{
    [LoggerMessage(1200, LogLevel.Information, "Webhooks are delivered from here.")]
    public static partial void Dispatching(ILogger logger);

    [LoggerMessage(1201, LogLevel.Warning, "Delivering webhooks was interrupted; it goes on where it stopped.")]
    public static partial void DispatchingFailed(ILogger logger, Exception exception);

    [LoggerMessage(1202, LogLevel.Warning, "Delivering for the subscription {Subscription} was interrupted; it goes on where it stopped.")]
    public static partial void SubscriptionFailed(ILogger logger, string subscription, Exception exception);

    [LoggerMessage(1203, LogLevel.Information, "Secrets of {Count} subscriptions are encrypted with the key {Key} now.")]
    public static partial void SecretsRenewed(ILogger logger, int count, string key);

    [LoggerMessage(1204, LogLevel.Information, "No secret of a webhook needs the keys {Keys} any more; they can leave Webhooks:SecretsKeyFile.")]
    public static partial void KeysAreUnused(ILogger logger, string keys);

    [LoggerMessage(1205, LogLevel.Error, "Nothing can be delivered for the subscription {Subscription}.")]
    public static partial void SecretIsUnreadable(ILogger logger, string subscription, Exception exception);
}

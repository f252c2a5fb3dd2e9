using Workspaces.Auditor.Log;

namespace Workspaces.Auditor.Webhooks;

/// <summary>Subscriptions with how far their delivery has come.</summary>
internal sealed class SubscriptionViews(WebhookStore store, LogReader log, TimeProvider clock)
{
    public async Task<SubscriptionView> OfAsync(Subscription subscription, CancellationToken cancellationToken)
    {
        var head = await log.HeadAsync(cancellationToken);
        return SubscriptionView.Of(
            subscription,
            await store.ProgressAsync(subscription, cancellationToken),
            head.Last,
            await store.CountAsync(subscription.Id, DeliveryState.Pending, cancellationToken),
            await store.CountAsync(subscription.Id, DeliveryState.Dead, cancellationToken),
            clock.GetUtcNow());
    }
}

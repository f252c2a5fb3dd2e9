using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Workspaces.Auditor.Webhooks;

/// <summary>Changes a subscription for somebody who may, tells the dispatcher, and answers with what it is now.</summary>
internal sealed class SubscriptionEditor(SubscriptionAccess access, WebhookStore store, SubscriptionViews views, SubscriptionSignal changes)
{
    public async Task<Results<Ok<SubscriptionView>, ProblemHttpResult>> ChangeAsync(
        ClaimsPrincipal caller, string id, Func<Subscription, Subscription> change, CancellationToken cancellationToken, Func<SubscriptionView, SubscriptionView>? show = null)
    {
        if (await access.FindAsync(caller, id, cancellationToken) is null || await store.ChangeAsync(id, change, cancellationToken) is not { } changed)
        {
            return SubscriptionsApi.NotFound(id);
        }

        changes.Raise();
        var view = await views.OfAsync(changed, cancellationToken);
        return TypedResults.Ok(show is null ? view : show(view));
    }
}

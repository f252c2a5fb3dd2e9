using System.Security.Claims;
using Workspaces.ServiceDefaults.Authentication;

namespace Workspaces.Auditor.Webhooks;

/// <summary>Who sees a subscription: whoever made it, and administrators. To others it is not there.</summary>
internal sealed class SubscriptionAccess(WebhookStore store)
{
    public async Task<Subscription?> FindAsync(ClaimsPrincipal caller, string id, CancellationToken cancellationToken) =>
        await store.FindAsync(id, cancellationToken) is { } subscription && Sees(caller, subscription) ? subscription : null;

    public async Task<IReadOnlyList<Subscription>> AllAsync(ClaimsPrincipal caller, CancellationToken cancellationToken) =>
        [.. (await store.AllAsync(cancellationToken)).Where(subscription => Sees(caller, subscription))];

    private static bool Sees(ClaimsPrincipal caller, Subscription subscription) =>
        subscription.CreatedBy == caller.Subject() || caller.HasScope(Scopes.Admin);
}

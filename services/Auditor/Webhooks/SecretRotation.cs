using JasperFx;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Webhooks;

/// <summary>
/// Encrypts with the current key what is encrypted with an older one, or not at all, and says when older keys are no longer needed. Runs whenever an Auditor
/// begins to deliver: a new key comes with a restart.
/// </summary>
internal sealed class SecretRotation(WebhookStore store, StoredSecrets storedSecrets, TimeProvider clock, ILogger<SecretRotation> logger)
{
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var (renewed, left) = (0, 0);
        foreach (var subscription in await store.AllAsync(cancellationToken))
        {
            try
            {
                if (subscription.Secrets.All(secret => storedSecrets.IsCurrent(secret.Text)))
                {
                    continue;
                }

                await store.ChangeAsync(subscription.Id, Renew, cancellationToken);
                renewed++;
            }
            catch (InvalidOperationException e)
            {
                WebhookLog.SecretIsUnreadable(logger, subscription.Id, e);
                left++;
            }
            catch (ConcurrencyException)
            {
                left++; // whoever changed it at the same time has the newer version; the next start looks again
            }
        }

        if (renewed > 0)
        {
            WebhookLog.SecretsRenewed(logger, renewed, storedSecrets.Current);
        }

        if (left == 0 && storedSecrets.Others.ToList() is { Count: > 0 } others)
        {
            WebhookLog.KeysAreUnused(logger, string.Join(", ", others));
        }
    }

    private Subscription Renew(Subscription subscription) => subscription with
    {
        Secrets = [.. subscription.Secrets.Where(secret => secret.ValidUntil is not { } until || until > clock.GetUtcNow()).Select(secret => secret with { Text = storedSecrets.Protect(storedSecrets.Unprotect(secret.Text, subscription.Id), subscription.Id) })],
    };
}

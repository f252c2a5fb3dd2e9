namespace Workspaces.Auditor.Webhooks;

/// <summary>A secret of a subscription.</summary>
/// <param name="Text">As it is stored: encrypted by <see cref="Workspaces.ServiceDefaults.Webhooks.StoredSecrets"/>.</param>
/// <param name="ValidUntil">When it stops signing; null: it is the newest.</param>
public sealed record SubscriptionSecret(string Text, DateTimeOffset? ValidUntil);

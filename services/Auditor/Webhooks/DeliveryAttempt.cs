using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Auditor.Webhooks;

/// <summary>One attempt.</summary>
/// <param name="At">When it began.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">HTTP status code, where there was an answer.</param>
/// <param name="Problem">What went wrong.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record DeliveryAttempt(DateTimeOffset At, WebhookOutcome Outcome, int? Status, string? Problem, int Milliseconds);

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>What came of one attempt. The answer's body is not kept: it would show what stands behind an address.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Status">HTTP status code, where there was an answer.</param>
/// <param name="Problem">One sentence for whoever looks after the receiver; null when delivered.</param>
/// <param name="RetryAfter">How long the receiver asks to wait (RFC 9110 section 10.2.3).</param>
/// <param name="Duration">How long it took.</param>
public sealed record WebhookAnswer(WebhookOutcome Outcome, int? Status, string? Problem, TimeSpan? RetryAfter, TimeSpan Duration);

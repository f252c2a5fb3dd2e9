using System.Text.Json.Nodes;
using Workspaces.ServiceDefaults.Webhooks;

namespace Workspaces.Support.Webhooks;

/// <summary>A webhook as it arrived.</summary>
/// <param name="Id">Header <c>webhook-id</c>.</param>
/// <param name="Timestamp">Header <c>webhook-timestamp</c>.</param>
/// <param name="Signatures">Header <c>webhook-signature</c>.</param>
/// <param name="ContentType">Media type.</param>
/// <param name="Body">Body, to the byte.</param>
public sealed record ReceivedWebhook(string Id, string Timestamp, string Signatures, string? ContentType, byte[] Body)
{
    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body)!;

    /// <summary>Whether one of its signatures is of this secret.</summary>
    public bool IsSignedBy(string secret) =>
        WebhookSecret.TryParse(secret, out var parsed) && WebhookSignature.Verify(parsed, Id, Timestamp, Signatures, Body, DateTimeOffset.UtcNow);
}

namespace Workspaces.ServiceDefaults.Webhooks;

/// <summary>A message to a receiver.</summary>
/// <param name="Target">Where it goes; judge it by <see cref="WebhookTargets.WhyNot"/> when it is given.</param>
/// <param name="Id">The receiver's duplicate key: the same for every attempt.</param>
/// <param name="ContentType">Media type of the body.</param>
/// <param name="Body">The body, as it is signed.</param>
/// <param name="Secrets">Secrets that are valid now; each gives one signature.</param>
public sealed record WebhookMessage(Uri Target, string Id, string ContentType, ReadOnlyMemory<byte> Body, IReadOnlyList<WebhookSecret> Secrets);

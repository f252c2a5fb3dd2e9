using Workspaces.Contracts;

namespace Workspaces.Proxy.Relaying;

/// <summary>A request that waits for its reply. Replies carry no id: they come in the order of the requests (RFC 4254 section 4 and 5.4).</summary>
/// <param name="Kind">What success means to the relay.</param>
/// <param name="Detail">The listener that success grants or takes away.</param>
/// <param name="Observed">What to tell the observer on success.</param>
internal readonly record struct PendingRequest(PendingKind Kind, string? Detail = null, (ChannelKind Kind, string? Detail)? Observed = null);

using Workspaces.Requests.Workspaces.Api;

namespace Workspaces.Requests.Workspaces;

/// <summary>
/// Remembers what a request with an <c>Idempotency-Key</c> led to; stored in the transaction that led to it, so that either both
/// happened or neither.
/// </summary>
public sealed record IdempotencyRecord
{
    /// <summary>How long a key is remembered.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(24);

    /// <summary>Hash of who asked and the key they sent.</summary>
    public required string Id { get; init; }

    /// <summary>Hash of what they asked for.</summary>
    public required string RequestHash { get; init; }

    /// <summary>The workspace that was made.</summary>
    public required string WorkspaceId { get; init; }

    /// <summary>The answer, to be given again as it was.</summary>
    public required WorkspaceView Answer { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

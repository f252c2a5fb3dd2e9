namespace Workspaces.Contracts;

/// <summary>
/// The SSH keys of a user changed; carries the complete new set. An empty set means that the user may not log in any more.
/// Published by Requests.
/// </summary>
public sealed record UserKeysChanged : IWorkspaceEvent
{
    /// <inheritdoc/>
    public required Guid EventId { get; init; }

    /// <inheritdoc/>
    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>Name of the user.</summary>
    public required string User { get; init; }

    /// <summary>+1 at every change of this user; a consumer ignores versions that are not newer than what it has.</summary>
    public required long Version { get; init; }

    /// <summary>OpenSSH public key lines, without options and comments.</summary>
    public required IReadOnlyList<string> Keys { get; init; }
}

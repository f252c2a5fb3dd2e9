using Workspaces.Contracts;

namespace Workspaces.Requests.Users;

/// <summary>A user was made, or what is known about them changed. Carries everything but the keys.</summary>
public sealed record UserSaved
{
    public required DateTimeOffset OccurredAt { get; init; }

    public required string RequestedBy { get; init; }

    public required UserProfile Profile { get; init; }
}

/// <summary>
/// A key was added. Followed by <see cref="UserKeysChanged"/> in the same transaction, which is what others hear.
/// </summary>
public sealed record SshKeyAdded
{
    public required DateTimeOffset OccurredAt { get; init; }

    public required string RequestedBy { get; init; }

    public required string Fingerprint { get; init; }

    public required string Type { get; init; }

    public required string Line { get; init; }

    public string? Comment { get; init; }
}

/// <summary>A key was removed. Followed by <see cref="UserKeysChanged"/> in the same transaction.</summary>
public sealed record SshKeyRemoved
{
    public required DateTimeOffset OccurredAt { get; init; }

    public required string RequestedBy { get; init; }

    public required string Fingerprint { get; init; }
}

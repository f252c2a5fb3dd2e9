using Workspaces.Contracts;

namespace Workspaces.Requests.Users;

/// <summary>A person, as their stream says. Written only by <see cref="UserProjection"/>.</summary>
public sealed record User
{
    /// <summary>Id of the stream; see <see cref="StreamOf"/>.</summary>
    public required string Id { get; init; }

    /// <summary>Who it is.</summary>
    public required UserProfile Profile { get; init; }

    /// <summary>Version of the key set, as in <see cref="UserKeysChanged.Version"/>; 0 before the first key.</summary>
    public long KeysVersion { get; init; }

    /// <summary>Keys that log in as this user.</summary>
    public IReadOnlyList<UserKey> Keys { get; init; } = [];

    /// <summary>Stream of a user. Ids of workspaces have no '-', so the two never meet.</summary>
    public static string StreamOf(string name) => $"user-{name}";

    /// <summary>The user as owner of a workspace.</summary>
    public WorkspaceOwner AsOwner() => new()
    {
        Name = Profile.Name,
        Uid = Profile.Uid,
        Gid = Profile.Gid,
        Email = Profile.Email,
        Groups = Profile.Groups,
    };
}

/// <summary>A key of a user.</summary>
/// <param name="Fingerprint"><c>SHA256:...</c></param>
/// <param name="Type">Key type.</param>
/// <param name="Line">Type and blob.</param>
/// <param name="Comment">Comment.</param>
/// <param name="AddedAt">When it was added.</param>
public sealed record UserKey(string Fingerprint, string Type, string Line, string? Comment, DateTimeOffset AddedAt);

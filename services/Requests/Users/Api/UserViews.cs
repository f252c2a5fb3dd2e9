using System.Text.Json.Serialization;

namespace Workspaces.Requests.Users.Api;

/// <summary>A user as the API shows them.</summary>
public sealed record UserView
{
    /// <summary>User name.</summary>
    public required string Name { get; init; }

    /// <summary>POSIX user id in standalone workspaces.</summary>
    public required int Uid { get; init; }

    /// <summary>POSIX group id in standalone workspaces.</summary>
    public required int Gid { get; init; }

    /// <summary>Mail address.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Email { get; init; }

    /// <summary>Groups.</summary>
    public required IReadOnlyList<string> Groups { get; init; }

    /// <summary>Role.</summary>
    public required UserRole Role { get; init; }

    /// <summary>SSH keys.</summary>
    public required IReadOnlyList<KeyView> Keys { get; init; }

    /// <summary>What the API shows of a user.</summary>
    public static UserView Of(User user) => new()
    {
        Name = user.Profile.Name,
        Uid = user.Profile.Uid,
        Gid = user.Profile.Gid,
        Email = user.Profile.Email,
        Groups = user.Profile.Groups,
        Role = user.Profile.Role,
        Keys = [.. user.Keys.Select(KeyView.Of)],
    };
}

/// <summary>An SSH key as the API shows it.</summary>
/// <param name="Fingerprint"><c>SHA256:...</c></param>
/// <param name="Type">Key type.</param>
/// <param name="Key">The line without options and comment.</param>
/// <param name="Comment">Comment.</param>
/// <param name="AddedAt">When it was added.</param>
public sealed record KeyView(
    string Fingerprint, string Type, string Key, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? Comment, DateTimeOffset AddedAt)
{
    /// <summary>What the API shows of a key.</summary>
    public static KeyView Of(UserKey key) => new(key.Fingerprint, key.Type, key.Line, key.Comment, key.AddedAt);
}

/// <summary>Body of <c>PUT /v1/users/{name}</c>. What is absent has its default.</summary>
public sealed record SaveUser
{
    /// <summary>POSIX user id; absent: 1000.</summary>
    public int? Uid { get; init; }

    /// <summary>POSIX group id; absent: the uid.</summary>
    public int? Gid { get; init; }

    /// <summary>Mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Groups.</summary>
    public IReadOnlyList<string>? Groups { get; init; }

    /// <summary>Role; absent: <c>user</c>.</summary>
    public UserRole? Role { get; init; }
}

/// <summary>Body of <c>POST /v1/users/{name}/keys</c>.</summary>
public sealed record AddKey
{
    /// <summary>One line, as in a <c>.pub</c> file.</summary>
    public string? Key { get; init; }
}

namespace Workspaces.Requests.Users;

/// <summary>What is known about a person, keys aside.</summary>
public sealed record UserProfile
{
    /// <summary>User name: a DNS label of at most 32 characters.</summary>
    public required string Name { get; init; }

    /// <summary>POSIX user id in their standalone workspaces.</summary>
    public required int Uid { get; init; }

    /// <summary>POSIX group id in their standalone workspaces.</summary>
    public required int Gid { get; init; }

    /// <summary>Mail address.</summary>
    public string? Email { get; init; }

    /// <summary>Groups.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];

    /// <summary>Role.</summary>
    public UserRole Role { get; init; }

    /// <summary>Records compare lists by reference; here the content counts.</summary>
    public bool SameAs(UserProfile other) => this with { Groups = other.Groups } == other && Groups.SequenceEqual(other.Groups);
}

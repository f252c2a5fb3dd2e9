namespace Workspaces.Contracts;

/// <summary>The person a workspace belongs to, as known when the workspace was requested.</summary>
public sealed record WorkspaceOwner
{
    /// <summary>User name: a DNS label, unique in the installation, never equal to a workspace's name.</summary>
    public required string Name { get; init; }

    /// <summary>POSIX user id inside standalone workspaces.</summary>
    public required int Uid { get; init; }

    /// <summary>POSIX group id inside standalone workspaces.</summary>
    public required int Gid { get; init; }

    /// <summary>Mail address, if known.</summary>
    public string? Email { get; init; }

    /// <summary>Groups of the user, if known.</summary>
    public IReadOnlyList<string> Groups { get; init; } = [];
}

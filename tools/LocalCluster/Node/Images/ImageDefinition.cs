namespace Workspaces.LocalCluster.Node.Images;

/// <summary>One image of images/*.yaml after validation, with absolute paths.</summary>
public sealed record ImageDefinition
{
    /// <summary>Name without registry prefix, as pods are matched to it.</summary>
    public required string Name { get; init; }

    /// <summary>Tags that resolve to this image; empty means all.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>Folder that is the root file system, or null for this machine's own.</summary>
    public required string? Folder { get; init; }

    /// <summary>Paths of this machine's root that the image shows empty. Only for host images.</summary>
    public required IReadOnlyList<string> Mask { get; init; }

    public required IReadOnlyList<string> Entrypoint { get; init; }

    public required IReadOnlyList<string> Command { get; init; }

    public required IReadOnlyDictionary<string, string> Env { get; init; }

    /// <summary>uid, uid:gid, or a user name of the image's /etc/passwd.</summary>
    public required string User { get; init; }

    public required string WorkingDir { get; init; }

    public required IReadOnlyList<ImageMount> Mounts { get; init; }
}

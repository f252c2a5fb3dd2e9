namespace Workspaces.LocalCluster.Api;

/// <summary>One row of the resource registry: everything about a kind that requests, discovery, storage and tables need to know.</summary>
public sealed record ResourceType
{
    /// <summary>API group; empty for the core group.</summary>
    public required string Group { get; init; }

    public required string Version { get; init; }

    /// <summary>Plural, lower-case name as it stands in paths.</summary>
    public required string Plural { get; init; }

    public required string Kind { get; init; }

    public required bool Namespaced { get; init; }

    /// <summary>The client library's class for this kind: where the names and types of its fields are taken from.</summary>
    public required Type Model { get; init; }

    public IReadOnlyList<string> ShortNames { get; init; } = [];

    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>Verbs that are offered. A review can only be created.</summary>
    public IReadOnlyList<string> Verbs { get; init; } = AllVerbs;

    /// <summary>Names of the subresources that are offered: status, scale, log, ...</summary>
    public IReadOnlyList<string> Subresources { get; init; } = [];

    /// <summary>Whether a change of spec counts up metadata.generation.</summary>
    public bool CountsGenerations { get; init; }

    public string Singular => Kind.ToLowerInvariant();

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    /// <summary>plural.group, as messages name it: <c>pods</c>, <c>deployments.apps</c>.</summary>
    public string QualifiedName => Group.Length == 0 ? Plural : $"{Plural}.{Group}";

    public bool HasStatus => Subresources.Contains("status");

    /// <summary>What most kinds offer.</summary>
    public static IReadOnlyList<string> AllVerbs { get; } =
        ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];

    public bool Equals(ResourceType? other) => other is not null && other.Group == Group && other.Version == Version && other.Plural == Plural;

    public override int GetHashCode() => HashCode.Combine(Group, Version, Plural);

    public override string ToString() => QualifiedName;
}

using Workspaces.LocalCluster.Access;
using Workspaces.LocalCluster.Api;

namespace Workspaces.LocalCluster.Operations;

/// <summary>What accompanies every writing request.</summary>
public sealed record WriteOptions(Caller Caller, string FieldManager)
{
    /// <summary>Do everything but store it.</summary>
    public bool DryRun { get; init; }

    public FieldValidation Validation { get; init; } = FieldValidation.Ignore;

    /// <summary>What strict validation objects to in the body: unknown and repeated fields, in sentences.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>Throws 403 where the caller may not create what an update or apply of theirs would create.</summary>
    public Action<ResourceType, string?, string> AuthorizeCreate { get; init; } = (_, _, _) => { };

    /// <summary>Texts for Warning headers, gathered along the way.</summary>
    public ICollection<string> Warnings { get; init; } = [];
}

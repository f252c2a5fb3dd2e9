namespace Workspaces.LocalCluster.FieldOwnership;

/// <summary>What one manager owns: the fields, the version in which they are named, and when it last took one (where that is known).</summary>
internal sealed record OwnedFields(FieldSet Fields, string ApiVersion, string? Time);

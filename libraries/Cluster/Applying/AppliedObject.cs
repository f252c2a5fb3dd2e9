namespace Workspaces.Cluster.Applying;

/// <summary>An object as the cluster has it after it was applied.</summary>
/// <param name="Uid">Its uid.</param>
/// <param name="ResourceVersion">Its version.</param>
public sealed record AppliedObject(string Uid, string ResourceVersion);

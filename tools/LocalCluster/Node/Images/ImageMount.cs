namespace Workspaces.LocalCluster.Node.Images;

/// <summary>A folder or file of this machine that appears in an image's file system.</summary>
public sealed record ImageMount(string From, string To, bool ReadOnly);

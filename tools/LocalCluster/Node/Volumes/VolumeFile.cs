namespace Workspaces.LocalCluster.Node.Volumes;

/// <summary>A file of a volume that is made from objects: relative path, content, permissions.</summary>
internal sealed record VolumeFile(string Path, byte[] Content, UnixFileMode Mode);

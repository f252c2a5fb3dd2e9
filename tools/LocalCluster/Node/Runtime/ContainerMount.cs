namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>A folder or file of this machine at a path of the container.</summary>
internal sealed record ContainerMount(string Source, string Destination, bool ReadOnly);

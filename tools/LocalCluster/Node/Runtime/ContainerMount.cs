namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>A folder or file of this machine at a path of the container.</summary>
internal sealed record ContainerMount(string Source, string Destination, bool ReadOnly)
{
    /// <summary>How mounts below it travel between the container and the node: rprivate, rslave (into the container) or rshared (both ways).</summary>
    public string Propagation { get; init; } = "rprivate";

    /// <summary>Mounts below it are read-only too.</summary>
    public bool RecursiveReadOnly { get; init; }
}

namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>Limits as the kernel takes them; null means none.</summary>
internal sealed record ContainerResources
{
    public long? MemoryBytes { get; init; }

    public long? CpuShares { get; init; }

    /// <summary>Microseconds of CPU time per 100 ms.</summary>
    public long? CpuQuota { get; init; }
}

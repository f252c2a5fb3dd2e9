namespace Workspaces.Cluster.Records;

/// <summary>What was applied to the cluster for a generation.</summary>
public sealed record AppliedState
{
    /// <summary>Generation that the objects were rendered for.</summary>
    public required long Generation { get; init; }

    /// <summary>When; the deadline for coming up counts from here.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>
    /// Uid of the workload whose pods are instances. A pod that another workload, or nobody, owns is not ours, whatever its labels say.
    /// </summary>
    public required string WorkloadUid { get; init; }

    /// <summary>Public host key of the instances, one OpenSSH line.</summary>
    public required string HostKey { get; init; }
}

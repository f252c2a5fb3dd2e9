namespace Workspaces.Cluster.Applying;

/// <summary>What a watcher must know about a workspace that was applied.</summary>
/// <param name="WorkloadUid">Uid of the workload whose pods are its instances.</param>
/// <param name="HostKey">Public host key line of its instances.</param>
public sealed record AppliedWorkspace(string WorkloadUid, string HostKey);

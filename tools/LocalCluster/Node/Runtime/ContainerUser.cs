namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>Numeric identity of a container's first process.</summary>
internal sealed record ContainerUser(int Uid, int Gid, IReadOnlyList<int> AdditionalGids);

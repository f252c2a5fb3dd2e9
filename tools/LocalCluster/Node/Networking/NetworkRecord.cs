namespace Workspaces.LocalCluster.Node.Networking;

/// <summary>What the node keeps of its network on disk: with it a later start finds the same bridge and range, and cleans up.</summary>
internal sealed record NetworkRecord(string Bridge, string Subnet, uint LastOffset, Dictionary<string, string> Addresses);

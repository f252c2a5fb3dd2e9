namespace Workspaces.LocalCluster.Node.Services.Names;

/// <summary>One record of an answer, its data in the form of the wire.</summary>
internal sealed record DnsRecord(string Name, ushort Type, byte[] Data);

namespace Workspaces.LocalCluster.Node.Services.Names;

/// <summary>What the cluster's names say to a question.</summary>
/// <param name="Exists">The name is known, though perhaps not with records of the type asked for.</param>
/// <param name="Records">The records.</param>
/// <param name="Alias">A name outside the cluster that stands for it (ExternalName), to be looked up there.</param>
internal sealed record DnsAnswer(bool Exists, IReadOnlyList<DnsRecord> Records, string? Alias = null)
{
    public static DnsAnswer Unknown { get; } = new(false, []);

    public static DnsAnswer Empty { get; } = new(true, []);
}

namespace Workspaces.LocalCluster.Node.Services.Names;

/// <summary>Types of records (RFC 1035 section 3.2.2, RFC 2782, RFC 3596).</summary>
internal static class DnsTypes
{
    public const ushort A = 1;
    public const ushort CanonicalName = 5;
    public const ushort Pointer = 12;
    public const ushort Aaaa = 28;
    public const ushort Service = 33;
    public const ushort Options = 41;
    public const ushort Any = 255;
}

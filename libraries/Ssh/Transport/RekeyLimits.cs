namespace Workspaces.Ssh.Transport;

/// <summary>When this side asks for new keys (RFC 4253 section 9, RFC 4344 section 3).</summary>
public sealed class RekeyLimits
{
    /// <summary>Bytes in either direction. RFC 4253 section 9 recommends 1 GiB.</summary>
    public long Bytes { get; init; } = 1L << 30;

    /// <summary>Packets in either direction. RFC 4344 section 3.1 demands it after at most 2^31.</summary>
    public long Packets { get; init; } = 1L << 31;

    /// <summary>Age of the keys, looked at when a packet is written. RFC 4253 section 9 recommends one hour.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromHours(1);
}

namespace Workspaces.Ssh.Transport;

/// <summary>What both roles can set.</summary>
public abstract class SshConnectionOptions
{
    private protected SshConnectionOptions()
    {
    }

    /// <summary>This side's identification. Peers switch features on <c>OpenSSH_</c>.</summary>
    public required SshIdentification Identification { get; init; }

    /// <summary>Key exchange methods, best first; names from <see cref="SshAlgorithms"/>.</summary>
    public IReadOnlyList<string> KeyExchanges { get; init; } = SshAlgorithms.DefaultKeyExchanges;

    /// <summary>Ciphers, best first; names from <see cref="SshAlgorithms"/>.</summary>
    public IReadOnlyList<string> Ciphers { get; init; } = SshAlgorithms.DefaultCiphers;

    /// <summary>Message authentication codes for ciphers that do not authenticate themselves, best first.</summary>
    public IReadOnlyList<string> Macs { get; init; } = SshAlgorithms.DefaultMacs;

    /// <summary>Largest packet accepted, in bytes without length field and tag. RFC 4253 section 6.1 demands 35,000; OpenSSH takes 256 KiB.</summary>
    public int MaxPacketLength { get; init; } = 256 * 1024;

    /// <summary>Time for identification and the first key exchange.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time for a later key exchange, from the first KEXINIT to the last NEWKEYS; data on its way counts.</summary>
    public TimeSpan RekeyTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>When this side asks for new keys.</summary>
    public RekeyLimits RekeyLimits { get; init; } = new();

    /// <summary>The clock.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

using Workspaces.Proxy.Policy;

namespace Workspaces.Proxy;

/// <summary>Settings of the Proxy, from the configuration section <c>Proxy</c>.</summary>
public sealed class ProxyOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Proxy";

    /// <summary>Where to listen for SSH.</summary>
    public SshEndpointOptions Ssh { get; init; } = new();

    /// <summary>Private host keys, OpenSSH format without passphrase, the preferred first; at most one of a type. They never change with workspaces.</summary>
    public IList<string> HostKeyFiles { get; init; } = [];

    /// <summary>Certificates of those host keys, OpenSSH format (<c>-cert.pub</c>), by an authority that clients know.</summary>
    public IList<string> HostCertificateFiles { get; init; } = [];

    /// <summary>Authorities whose user certificates log in besides registered keys; none by default.</summary>
    public IList<UserAuthorityOptions> UserAuthorities { get; init; } = [];

    /// <summary>Keys and certificates that are not accepted any more: a list by <c>ssh-keygen -k</c>, or public keys, one a line. Read anew when it changes.</summary>
    public string? RevokedKeysFile { get; init; }

    /// <summary>Rules about what sessions may be used for, in order; a later one wins.</summary>
    public IList<PolicyRule> Policies { get; init; } = [];

    /// <summary>Private key of the user certificate authority that the instances trust, OpenSSH format without passphrase.</summary>
    public string? UserCaKeyFile { get; init; }

    /// <summary>Folder for audit events that the broker has not confirmed; on a disk that outlives the process, for this Proxy alone.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>Blueprint of the workspace that a login with nothing but the user's name means. Changing it changes what those logins mean.</summary>
    public string DefaultBlueprint { get; init; } = "dev";

    /// <summary>Blueprint of a login that names a workload and no blueprint. Changing it changes what those logins mean.</summary>
    public string DefaultWorkloadBlueprint { get; init; } = "debug";

    /// <summary>How a login waits for its workspace.</summary>
    public WaitOptions Wait { get; init; } = new();

    /// <summary>How instances are connected to.</summary>
    public InstanceConnectionOptions Instances { get; init; } = new();

    /// <summary>Sessions that one user may have open at a time, through this Proxy.</summary>
    public int MaxSessionsPerUser { get; init; } = 500;

    /// <summary>A session over which no data has passed for this long is ended; null for never. Keepalives are no data.</summary>
    public TimeSpan? IdleTimeout { get; init; }

    /// <summary>How long sessions may go on after the Proxy was told to stop.</summary>
    public TimeSpan DrainTime { get; init; } = TimeSpan.FromSeconds(2);
}

/// <summary>Where to listen for SSH, and what clients may do before they are logged in.</summary>
public sealed class SshEndpointOptions
{
    /// <summary>IP address to listen on.</summary>
    public string Address { get; init; } = "127.0.0.1";

    /// <summary>TCP port to listen on.</summary>
    public int Port { get; init; } = 2222;

    /// <summary>
    /// Software version in the identification line: that of the sshd in the toolkit, because the client's peer is in truth that sshd.
    /// </summary>
    public string SoftwareVersion { get; init; } = "OpenSSH_9.2p1";

    /// <summary>Key exchange methods, best first; empty for the defaults. Those that are no default cost the Proxy more, so that attackers can keep it busy.</summary>
    public IList<string> KeyExchanges { get; init; } = [];

    /// <summary>Data on either leg after which it gets new keys.</summary>
    public long RekeyBytes { get; init; } = 1L << 30;

    /// <summary>Load balancers, as addresses or CIDR blocks: their connections begin with a PROXY header (version 1 or 2) that names the client. Nobody else's header is read.</summary>
    public IList<string> LoadBalancers { get; init; } = [];

    /// <summary>Failed logins from one address (IPv6: from one /64) after which it is not let try for a while; a successful one counts them as none.</summary>
    public int FailuresPerAddress { get; init; } = 100;

    /// <summary>The time after which an address may fail once more.</summary>
    public TimeSpan FailureRecovery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Time for logging in; waiting for a workspace does not count.</summary>
    public TimeSpan LoginGraceTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Failed attempts to log in before the connection ends.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>From this many connections that are not logged in, new ones are dropped at random (as <c>MaxStartups</c> of sshd_config).</summary>
    public int StartupsBegin { get; init; } = 200;

    /// <summary>At this many, one is dropped for each new one.</summary>
    public int StartupsFull { get; init; } = 2_000;
}

/// <summary>An authority whose user certificates are accepted, and whom they stand for: there is no rule by default.</summary>
public sealed class UserAuthorityOptions
{
    /// <summary>File with its public key, one line.</summary>
    public string KeyFile { get; init; } = "";

    /// <summary>Whether a principal that is a user's name stands for that user.</summary>
    public bool PrincipalsAreUsers { get; init; }

    /// <summary>Users by principal.</summary>
    public IDictionary<string, string> Users { get; init; } = new Dictionary<string, string>();
}

/// <summary>How a login waits for its workspace to come up.</summary>
public sealed class WaitOptions
{
    /// <summary>After this the login ends; the workspace goes on coming up.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Logins of one user that may wait at the same time.</summary>
    public int MaxPerUser { get; init; } = 20;

    /// <summary>At least this often the person hears something, so that the client does not take the connection for dead.</summary>
    public TimeSpan SpeakEvery { get; init; } = TimeSpan.FromSeconds(4);
}

/// <summary>How instances are connected to.</summary>
public sealed class InstanceConnectionOptions
{
    /// <summary>Time for connecting, key exchange and login.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a session's certificate opens its workspace; sessions live on after it.</summary>
    public TimeSpan CertificateLifetime { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far clocks of nodes may differ from the Proxy's.</summary>
    public TimeSpan ClockSkew { get; init; } = TimeSpan.FromMinutes(5);
}

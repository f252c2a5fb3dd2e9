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

    /// <summary>Time for logging in; waiting for a workspace does not count.</summary>
    public TimeSpan LoginGraceTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Failed attempts to log in before the connection ends.</summary>
    public int MaxAttempts { get; init; } = 6;

    /// <summary>From this many connections that are not logged in, new ones are dropped at random (as <c>MaxStartups</c> of sshd_config).</summary>
    public int StartupsBegin { get; init; } = 200;

    /// <summary>At this many, one is dropped for each new one.</summary>
    public int StartupsFull { get; init; } = 2_000;
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

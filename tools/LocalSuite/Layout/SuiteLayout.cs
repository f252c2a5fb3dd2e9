using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Workspaces.LocalSuite.CommandLine;
using Workspaces.LocalSuite.Processes;

namespace Workspaces.LocalSuite.Layout;

/// <summary>Where everything of one suite is: files under its state folder, and ports.</summary>
public sealed record SuiteLayout
{
    private const int PortCount = 13;

    /// <summary>The command line.</summary>
    public required SuiteOptions Options { get; init; }

    /// <summary>Ports.</summary>
    public required SuitePorts Ports { get; init; }

    /// <summary>Folder of PostgreSQL's data.</summary>
    public required string PostgresFolder { get; init; }

    /// <summary>Folder of RabbitMQ's data.</summary>
    public string RabbitMqFolder => In("rabbitmq");

    /// <summary>Folder of LocalCluster's objects and pods.</summary>
    public string ClusterFolder => In("cluster");

    /// <summary>Folder of passwords and keys.</summary>
    public string SecretsFolder => In("secrets");

    /// <summary>Folder of the Proxy's events that the broker has not confirmed yet.</summary>
    public string SpoolFolder => In("proxy-spool");

    /// <summary>Folder of logs, one per component.</summary>
    public string LogFolder => In("logs");

    /// <summary>The cluster's kubeconfig: LocalCluster's, or the person's own.</summary>
    public string Kubeconfig => Options.Kubeconfig ?? In("kubeconfig");

    /// <summary>Addresses and keys for a person's shell and for tests.</summary>
    public string EnvironmentFile => In("run.env");

    /// <summary>The Proxy's host key, as <c>ssh</c> takes it.</summary>
    public string KnownHostsFile => In("known_hosts");

    /// <summary>Who is running, and how far it is.</summary>
    public string StateFile => In("suite.json");

    /// <summary>Held while a suite runs.</summary>
    public string LockFile => In("suite.lock");

    /// <summary>Output of a suite in the background.</summary>
    public string SuiteLog => Log("suite");

    /// <summary>Files and folders that <c>--reset</c> removes: those that this program makes, and no others.</summary>
    public IEnumerable<string> Everything =>
        [PostgresFolder, RabbitMqFolder, ClusterFolder, SecretsFolder, SpoolFolder, LogFolder, In("kubeconfig"), EnvironmentFile, KnownHostsFile, StateFile, PortsFile];

    private string PortsFile => In("ports.json");

    /// <summary>A component's log.</summary>
    public string Log(string component) => Path.Combine(LogFolder, $"{component}.log");

    /// <summary>The layout that a command line asks for. Free ports are chosen once and kept with the state.</summary>
    public static SuiteLayout Of(SuiteOptions options)
    {
        var layout = new SuiteLayout
        {
            Options = options,
            Ports = options.PortBase is { } first ? SuitePorts.From(first) : SuitePorts.WellKnown,
            PostgresFolder = PostgresFolderOf(options.StateFolder),
        };
        return options.FreePorts ? layout with { Ports = layout.FreePorts() } : layout;
    }

    private string In(string name) => Path.Combine(Options.StateFolder, name);

    private SuitePorts FreePorts()
    {
        if (File.Exists(PortsFile) && JsonSerializer.Deserialize<SuitePorts>(File.ReadAllText(PortsFile)) is { } kept)
        {
            return kept;
        }

        var ports = SuitePorts.Of(Processes.Ports.Free(PortCount));
        Directory.CreateDirectory(Options.StateFolder);
        File.WriteAllText(PortsFile, JsonSerializer.Serialize(ports));
        return ports;
    }

    /// <summary>
    /// As root PostgreSQL runs under an account of its own, which cannot enter a checkout in somebody's home of mode 0700: then its data
    /// is beside the system's other data, under a name made from the state folder's.
    /// </summary>
    private static string PostgresFolderOf(string state)
    {
        const UnixFileMode everybodyMayEnter = UnixFileMode.OtherExecute;
        for (var folder = new DirectoryInfo(state); folder is not null; folder = folder.Parent)
        {
            if (Native.IsRoot && folder.Exists && (folder.UnixFileMode & everybodyMayEnter) == 0)
            {
                var name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(state)))[..12];
                return $"/var/lib/workspaces-{name}/postgresql";
            }
        }

        return Path.Combine(state, "postgresql");
    }
}

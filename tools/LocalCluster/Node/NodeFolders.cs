using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Workspaces.LocalCluster.Node;

/// <summary>
/// Where the node keeps things. Everything lasting is under the state folder; sockets and runtime state, whose paths must be
/// short and need not outlive the process, are under /run. Both names derive from the state folder, so that a start after a
/// crash finds what the last run left, and two LocalClusters never meet.
/// </summary>
public sealed class NodeFolders
{
    public NodeFolders(string stateFolder)
    {
        State = Path.GetFullPath(stateFolder);
        Id = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(State)))[..8];
        Node = Path.Combine(State, "node");
        Runtime = Path.Combine("/run/workspaces-localcluster", Id);
    }

    /// <summary>Eight hexadecimal digits that stand for the state folder in names of bridges, cgroups and sockets.</summary>
    public string Id { get; }

    public string State { get; }

    public string Node { get; }

    public string Runtime { get; }

    public string Pods => Path.Combine(Node, "pods");

    public string Logs => Path.Combine(Node, "logs");

    public string Claims => Path.Combine(State, "claims");

    public string SandboxImage => Path.Combine(Node, "sandbox");

    public string NetworkFile => Path.Combine(Node, "network.json");

    public string Pod(string uid) => Path.Combine(Pods, uid);

    public string Volume(string uid, string name) => Path.Combine(Pod(uid), "volumes", name);

    public string Container(string uid, string container, int attempt) =>
        Path.Combine(Pod(uid), "containers", container, attempt.ToString(CultureInfo.InvariantCulture));

    public string ContainerLogs(string uid, string container) => Path.Combine(Logs, uid, container);
}

using System.Diagnostics;
using Workspaces.LocalCluster.Node.Processes;

namespace Workspaces.LocalCluster.Node.Isolation;

/// <summary>
/// The node's own mount and PID namespace. Every container process and every mount of the node lives in them, so they cannot
/// outlast it: PID 1 of the namespace ends when its standard input does, which is also what happens when this process is
/// killed, and the kernel then kills the rest and drops the mounts. PID 1 reaps what containers leave behind.
/// </summary>
internal sealed class NodeNamespaces : IAsyncDisposable
{
    // crun 1.8 refuses to work where cgroup v1 controllers and an (empty) v2 hierarchy are mounted side by side; without the
    // v2 mount in sight it uses the v1 controllers. Mounts are shared among the node and its pods (mountPropagation), and come
    // from this machine but never go there.
    private const string HolderScript = """
        if grep -q ' /sys/fs/cgroup/unified cgroup2 ' /proc/self/mounts; then umount /sys/fs/cgroup/unified || exit 1; fi
        mount --make-rshared / || exit 1
        echo ready
        exec cat
        """;

    private readonly Process _holder;
    private readonly int _holderId;

    private NodeNamespaces(Process holder)
    {
        (_holder, _holderId) = (holder, holder.Id);
        Mounts = new MountThread($"/proc/{_holderId}/ns/mnt");
    }

    /// <summary>Mounts in the node's mount namespace.</summary>
    public MountThread Mounts { get; }

    public static async Task<NodeNamespaces> CreateAsync(CancellationToken ct)
    {
        var holder = Command.Start(
            ["unshare", "--fork", "--pid", "--mount", "--mount-proc", "--propagation", "slave", "--", "tini", "-s", "--", "sh", "-c", HolderScript]);
        if (await holder.StandardOutput.ReadLineAsync(ct) == "ready")
        {
            return new NodeNamespaces(holder);
        }

        var errors = (await holder.StandardError.ReadToEndAsync(ct)).Trim();
        throw new InvalidOperationException(
            "Cannot create a mount and PID namespace for the node: " + errors +
            ". LocalCluster needs root with CAP_SYS_ADMIN (in a container: --privileged) and the packages util-linux and tini.");
    }

    /// <summary>A command line that runs <paramref name="command"/> inside the node's namespaces.</summary>
    public IReadOnlyList<string> Enter(params IEnumerable<string> command) =>
        ["nsenter", $"--mount=/proc/{_holderId}/ns/mnt", $"--pid=/proc/{_holderId}/ns/pid_for_children", "--", .. command];

    /// <summary>Runs a shell script inside the node's namespaces; its arguments are $1, $2, ...</summary>
    public Task<string> RunScriptAsync(string script, IEnumerable<string> arguments, CancellationToken ct) =>
        Command.RunAsync(Enter(["sh", "-e", "-c", script, "sh", .. arguments]), ct: ct);

    /// <summary>The path by which this process, outside, sees a path inside the node's mount namespace.</summary>
    public string Outside(string path) => $"/proc/{_holderId}/root{path}";

    /// <summary>The path of a namespace (net, pid, mnt, ...) of a process that has the given id inside the node.</summary>
    public string NamespaceFile(int nodeProcessId, string kind) => Outside($"/proc/{nodeProcessId}/ns/{kind}");

    /// <summary>Ends every process and mount in the namespaces.</summary>
    public async ValueTask DisposeAsync()
    {
        Mounts.Dispose();
        _holder.StandardInput.Close();
        await _holder.WaitForExitAsync();
        _holder.Dispose();
    }
}

using Workspaces.Contracts;

namespace Workspaces.Cluster.Records;

/// <summary>What a worker remembers of an injection, to carry it out and to undo it.</summary>
public sealed record InjectionState
{
    /// <summary>The workload, this very object.</summary>
    public required WorkloadReference Workload { get; init; }

    /// <summary>Its namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>How the container gets into the pods.</summary>
    public required InjectionMode Mode { get; init; }

    /// <summary>The container of the workload that the workspace is there for.</summary>
    public required string Container { get; init; }

    /// <summary>Port of the SSH server in its pods.</summary>
    public required int SshPort { get; init; }

    /// <summary>User that sessions log in as.</summary>
    public required InjectedLogin Login { get; init; }

    /// <summary>Resources of the containers, JSON; absent: none.</summary>
    public System.Text.Json.Nodes.JsonObject? Resources { get; init; }

    /// <summary>Whether the patch says that processes are shared.</summary>
    public bool SharesProcesses { get; init; }

    /// <summary>Whether every pod of the workload was ready before.</summary>
    public bool WasHealthy { get; init; }

    /// <summary>When it was decided to inject; the deadline counts from here.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>When taking it out began; the deadline for that counts from here.</summary>
    public DateTimeOffset? EjectedAt { get; init; }

    /// <summary>What the person should know, in sentences: what will not be visible, whose sessions end.</summary>
    public string? Notes { get; init; }
}

/// <summary>The login user of an injected workspace.</summary>
/// <param name="Uid">POSIX user id.</param>
/// <param name="Gid">POSIX group id.</param>
/// <param name="Unprivileged">Whether the whole container runs as this user.</param>
/// <param name="Kept">Capabilities that the container keeps beyond a workspace's usual ones.</param>
public sealed record InjectedLogin(int Uid, int Gid, bool Unprivileged, IReadOnlyList<string> Kept);

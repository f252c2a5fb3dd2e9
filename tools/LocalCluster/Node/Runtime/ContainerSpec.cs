namespace Workspaces.LocalCluster.Node.Runtime;

/// <summary>Everything the OCI runtime must know to run one container, decided by the pod worker.</summary>
internal sealed record ContainerSpec
{
    public required string Id { get; init; }

    /// <summary>Folder for config.json and the runtime's files of this container.</summary>
    public required string Bundle { get; init; }

    public required string RootFileSystem { get; init; }

    public required IReadOnlyList<string> Arguments { get; init; }

    public required IReadOnlyList<string> Environment { get; init; }

    public required string WorkingDir { get; init; }

    public required ContainerUser User { get; init; }

    /// <summary>Path of the cgroup in each tree.</summary>
    public required string Cgroup { get; init; }

    public IReadOnlyList<ContainerMount> Mounts { get; init; } = [];

    /// <summary>Capability names with CAP_ in front.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = DefaultCapabilities.All;

    public NamespacePlan Namespaces { get; init; } = new();

    /// <summary>Host name of a new UTS namespace; null when the namespace is joined.</summary>
    public string? HostName { get; init; }

    public bool ReadOnlyRoot { get; init; }

    public bool NoNewPrivileges { get; init; }

    public bool Privileged { get; init; }

    /// <summary>Apply the default system call filter.</summary>
    public bool DefaultSeccomp { get; init; }

    /// <summary>/proc is shown whole, as procMount: Unmasked asks.</summary>
    public bool UnmaskedProc { get; init; }

    public bool Terminal { get; init; }

    public ContainerResources Resources { get; init; } = new();

    public IReadOnlyDictionary<string, string> Sysctls { get; init; } = new Dictionary<string, string>();
}

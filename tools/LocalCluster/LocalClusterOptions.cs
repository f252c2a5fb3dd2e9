namespace Workspaces.LocalCluster;

/// <summary>The command line, read and checked.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>Folder of everything this cluster keeps: objects, certificates, pods' files. Made where it is missing.</summary>
    public required string StateFolder { get; init; }

    /// <summary>HTTPS port of the API; 0 takes a free one.</summary>
    public int Port { get; init; } = 6443;

    /// <summary>HTTP port of health and faults; 0 takes a free one.</summary>
    public int SidePort { get; init; } = 6444;

    /// <summary>Where to write the kubeconfig; by default <c>kubeconfig</c> in the state folder.</summary>
    public required string KubeconfigFile { get; init; }

    /// <summary>Folder of images/*.yaml; null: no image is known.</summary>
    public string? ImagesFolder { get; init; }

    /// <summary>How long a node may show no sign of life before it counts as lost, as kube-controller-manager's --node-monitor-grace-period.</summary>
    public TimeSpan NodeMonitorGracePeriod { get; init; } = TimeSpan.FromSeconds(50);

    /// <summary>People besides the administrator who get a kubeconfig of their own, beside the administrator's.</summary>
    public IReadOnlyList<ClusterUser> Users { get; init; } = [];

    /// <summary>Without a node only the API runs: pods stay Pending. Needs no root.</summary>
    public bool WithNode { get; init; } = true;
}

using System.ComponentModel.DataAnnotations;

namespace Workspaces.Cluster.Connecting;

/// <summary>How a worker reaches its cluster. Configuration section <c>Kubernetes</c>.</summary>
public sealed class ClusterOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Kubernetes";

    /// <summary>Path of a kubeconfig; absent: the service account of the pod that the worker runs in.</summary>
    public string? Kubeconfig { get; set; }

    /// <summary>Context in the kubeconfig; absent: its current one.</summary>
    public string? Context { get; set; }

    /// <summary>Namespace of standalone workspaces.</summary>
    [Required]
    public string Namespace { get; set; } = "workspaces";

    /// <summary>Namespace of records and leases; nobody but the workers needs access to it.</summary>
    [Required]
    public string SystemNamespace { get; set; } = "workspaces-system";
}

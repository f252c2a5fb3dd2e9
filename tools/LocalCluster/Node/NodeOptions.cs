namespace Workspaces.LocalCluster.Node;

/// <summary>How to set up the node.</summary>
public sealed record NodeOptions
{
    public required string StateFolder { get; init; }

    /// <summary>Folder of images/*.yaml; null: no image is known.</summary>
    public string? ImagesFolder { get; init; }

    /// <summary>Name of the node object; by default the machine's name.</summary>
    public string Name { get; init; } = Environment.MachineName.ToLowerInvariant();

    /// <summary>Range for pods' addresses such as 10.77.4.0/22; null: a free one is chosen and kept.</summary>
    public string? PodRange { get; init; }

    /// <summary>How many processes and threads a pod may have, as the kubelet's podPidsLimit; null: any number.</summary>
    public long? PodPidsLimit { get; init; } = 4096;

    /// <summary>How long the node keeps its lease without renewing it. It renews four times in that time.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(40);

    /// <summary>How many pods the node takes.</summary>
    public int MaxPods { get; init; } = 250;
}

using System.ComponentModel.DataAnnotations;

namespace Workspaces.Cluster.Reconciling;

/// <summary>Times and limits of the reconcile loop. Configuration section <c>Reconcile</c>.</summary>
public sealed class ReconcileOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Reconcile";

    /// <summary>How long a workspace may take to come up.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StartWithin { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How long something that usually passes soon (an image that cannot be pulled, a missing Secret) may last.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan TroubleMayLast { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Workspaces that are worked on at the same time.</summary>
    [Range(1, 256)]
    public int Workers { get; set; } = 8;
}

namespace Workspaces.LocalCluster.Api;

/// <summary>How to delete, as meta/v1 DeleteOptions says it.</summary>
public sealed record DeleteOptions
{
    /// <summary>Null: the object's own default (a pod's terminationGracePeriodSeconds). 0: at once, without waiting for the node.</summary>
    public long? GracePeriodSeconds { get; init; }

    /// <summary>Background (null means this), Foreground or Orphan.</summary>
    public string? PropagationPolicy { get; init; }

    /// <summary>Where set, an object with another uid is not deleted (409).</summary>
    public string? PreconditionUid { get; init; }

    /// <summary>Where set, an object with another resourceVersion is not deleted (409).</summary>
    public string? PreconditionResourceVersion { get; init; }

    /// <summary>Do everything but store it (dryRun=All).</summary>
    public bool DryRun { get; init; }
}

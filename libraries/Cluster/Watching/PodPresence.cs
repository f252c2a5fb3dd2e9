namespace Workspaces.Cluster.Watching;

/// <summary>Whether a pod that was seen once is still there.</summary>
public enum PodPresence
{
    /// <summary>It was there when last looked, or seen coming since.</summary>
    Present,

    /// <summary>The watch reported its deletion.</summary>
    Deleted,

    /// <summary>It was missing from a new list: it went while nobody watched.</summary>
    Missing,
}

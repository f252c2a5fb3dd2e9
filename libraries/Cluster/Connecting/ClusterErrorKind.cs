namespace Workspaces.Cluster.Connecting;

/// <summary>What an error of the cluster's API means for whoever asked.</summary>
public enum ClusterErrorKind
{
    /// <summary>The cluster is away, overloaded or does not know us at the moment: try again, without limit.</summary>
    Transient,

    /// <summary>Somebody else was faster (resource version), or owns a field that we want (server-side apply).</summary>
    Conflict,

    /// <summary>There is no such object.</summary>
    NotFound,

    /// <summary>There is such an object already.</summary>
    AlreadyExists,

    /// <summary>A resource version is too old: list again.</summary>
    Expired,

    /// <summary>The cluster understood and said no; asking again the same way will not help.</summary>
    Refused,
}

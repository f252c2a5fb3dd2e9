namespace Workspaces.LocalCluster.Faults;

/// <summary>What happens to a request that a fault strikes.</summary>
internal enum FaultKind
{
    /// <summary>It is answered with an error and not carried out.</summary>
    Answer,

    /// <summary>It is held up, and then carried out.</summary>
    Latency,

    /// <summary>It is carried out, and the connection is cut in the middle of the answer.</summary>
    Cut,
}

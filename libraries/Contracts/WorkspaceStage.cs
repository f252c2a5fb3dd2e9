namespace Workspaces.Contracts;

/// <summary>The steps of a workspace that is coming up, in order.</summary>
public enum WorkspaceStage
{
    /// <summary>Its objects are applied; the cluster is looking for a node.</summary>
    Scheduling,

    /// <summary>A node is fetching its images.</summary>
    Pulling,

    /// <summary>The toolkit and other init containers run.</summary>
    Initializing,

    /// <summary>The workspace container has started; its SSH server is not answering yet.</summary>
    Starting,

    /// <summary>Injection: the workload is replacing its pods.</summary>
    RollingOut,
}

namespace Workspaces.LocalCluster.Node.Pods;

/// <summary>The part that a container has in its pod's life.</summary>
internal enum ContainerRole
{
    /// <summary>Runs to success before the next starts.</summary>
    Init,

    /// <summary>An init container with restartPolicy Always: starts in turn, then runs as long as the pod.</summary>
    Sidecar,

    /// <summary>A container of spec.containers.</summary>
    Main,

    /// <summary>Added to the running pod, never restarted.</summary>
    Ephemeral,
}

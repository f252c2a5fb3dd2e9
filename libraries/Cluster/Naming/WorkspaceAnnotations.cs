namespace Workspaces.Cluster.Naming;

/// <summary>Annotations on our objects and on the pods of standalone workspaces.</summary>
public static class WorkspaceAnnotations
{
    /// <summary>
    /// Generation that an object was applied for. Only on objects, never in a pod template: there it would replace the pod at each
    /// change of generation, also where nothing else changed.
    /// </summary>
    public const string Generation = WorkspaceLabels.Prefix + "generation";

    /// <summary>TCP port of the SSH server in the pod.</summary>
    public const string SshPort = WorkspaceLabels.Prefix + "ssh-port";

    /// <summary>Public host key, one OpenSSH line.</summary>
    public const string HostKey = WorkspaceLabels.Prefix + "host-key";

    /// <summary>Apps in the pod, a JSON array of name, port and protocol.</summary>
    public const string Apps = WorkspaceLabels.Prefix + "apps";

    /// <summary>Namespace of the record, and so the installation that an injected workspace belongs to.</summary>
    public const string Record = WorkspaceLabels.Prefix + "record-namespace";

    /// <summary>
    /// On a workload, for each port that a workspace's SSH server has in its pods, with the workspace's id as value: of two that ask
    /// for the same port, one is told of a conflict.
    /// </summary>
    public const string PortPrefix = WorkspaceLabels.Prefix + "port-";

    /// <summary>Key of an annotation on pods of workloads; the id is in the key, because a pod may carry several workspaces.</summary>
    /// <param name="workspaceId">Workspace id.</param>
    /// <param name="annotation">One of the annotations above.</param>
    public static string InPod(string workspaceId, string annotation) =>
        $"{workspaceId}.{WorkspaceLabels.Prefix}{annotation[WorkspaceLabels.Prefix.Length..]}";
}

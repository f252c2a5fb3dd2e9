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
}
